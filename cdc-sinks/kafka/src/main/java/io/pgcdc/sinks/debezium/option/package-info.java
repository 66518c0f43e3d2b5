/**
 * The options of Debezium's PostgreSQL connector, and what each means in pgcdc. Knows the names of our settings, not where they stand: a
 * {@link io.pgcdc.sinks.debezium.option.MeantSettings} takes them. For one thread; asks no server.
 */
@NullMarked
package io.pgcdc.sinks.debezium.option;

import org.jspecify.annotations.NullMarked;
