/** Judges what was written to Kafka's topics against the source: each change once, in order, each source transaction whole. */
@NullMarked
package io.pgcdc.testkit.topic;

import org.jspecify.annotations.NullMarked;
