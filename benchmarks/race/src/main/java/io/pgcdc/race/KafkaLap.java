package io.pgcdc.race;

import java.nio.file.Path;
import java.util.Map;

/**
 * One sending of a backlog into a broker.
 *
 * @param source the slot to read; its backlog is what is sent
 * @param queue a queue that holds the backlog already; only for a sink that has not read it
 * @param prefix of the topics, which are there; and a topic by itself
 * @param records to be sent by who reads no slot
 * @param payloads a file of lines, each as long as a record of ours
 * @param producer properties of each producer, {@code bootstrap.servers} among them
 */
record KafkaLap(
        Lap source,
        Path queue,
        String prefix,
        long records,
        Path payloads,
        int payloadBytes,
        Map<String, String> producer) {

    /** Of a table's changes, as cdc and Debezium name it. */
    static String topic(String prefix, String table) {
        return prefix + ".race." + table;
    }
}
