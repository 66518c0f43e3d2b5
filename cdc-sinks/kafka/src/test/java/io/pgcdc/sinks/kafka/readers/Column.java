package io.pgcdc.sinks.kafka.readers;

import java.util.Random;
import java.util.function.Function;

/**
 * A column of a {@link RandomTable}.
 *
 * @param type as CREATE TABLE takes it
 * @param literal a value as SQL, of its own
 */
record Column(String name, String type, Function<Random, String> literal) {}
