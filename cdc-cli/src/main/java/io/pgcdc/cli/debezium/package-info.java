/**
 * Turns the configuration of a Debezium PostgreSQL connector into one of ours. Reads one file, connects to nothing, prints nothing; one
 * thread. The entry point is {@link DebeziumConversion}. Never repeats a password or another secret of the file.
 */
@NullMarked
package io.pgcdc.cli.debezium;

import org.jspecify.annotations.NullMarked;
