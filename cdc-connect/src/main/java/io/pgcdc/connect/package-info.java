/** A source connector for Kafka Connect: {@code PostgresSourceConnector}. */
@NullMarked
package io.pgcdc.connect;

import org.jspecify.annotations.NullMarked;
