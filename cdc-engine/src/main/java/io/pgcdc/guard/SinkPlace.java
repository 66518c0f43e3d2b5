package io.pgcdc.guard;

/**
 * How far a sink is.
 *
 * @param durableEndLsn end of the last commit that is durable in it
 * @param state a word for a sink that does not work, or an empty text
 */
record SinkPlace(String name, long durableEndLsn, String state) {}
