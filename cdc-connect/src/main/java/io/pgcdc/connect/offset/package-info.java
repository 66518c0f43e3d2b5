/** Source partitions and offsets: what Kafka Connect keeps for us. */
@NullMarked
package io.pgcdc.connect.offset;

import org.jspecify.annotations.NullMarked;
