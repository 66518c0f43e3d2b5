/** Records of Kafka Connect, with schemas, from changes. */
@NullMarked
package io.pgcdc.connect.record;

import org.jspecify.annotations.NullMarked;
