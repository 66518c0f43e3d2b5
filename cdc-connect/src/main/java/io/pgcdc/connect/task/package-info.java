/** A task: one slot, the engine's pipeline, and the hand-over to Kafka Connect. */
@NullMarked
package io.pgcdc.connect.task;

import org.jspecify.annotations.NullMarked;
