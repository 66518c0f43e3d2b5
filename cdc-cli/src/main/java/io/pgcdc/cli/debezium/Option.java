package io.pgcdc.cli.debezium;

import io.pgcdc.setting.Place;

/**
 * One option of the connector.
 *
 * @param name the connector's, as Kafka Connect has it
 * @param written as the file has it: with the prefix of Debezium Server, or under a former name
 */
record Option(String name, String written, String text, Place place) {

    Option named(String other) {
        return new Option(other, written, text, place);
    }

    Option with(String other) {
        return new Option(name, written, other, place);
    }
}
