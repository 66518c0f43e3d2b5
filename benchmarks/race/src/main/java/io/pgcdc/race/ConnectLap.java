package io.pgcdc.race;

import java.nio.file.Path;

/**
 * One run of a connector.
 *
 * @param source the slot to read
 * @param prefix the first part of the topics' names; the topics exist
 * @param changes the changes of the backlog, without the row that ends it
 * @param samples a file of records for who reads no slot
 * @param exactlyOnce true if the worker supports it
 */
record ConnectLap(Lap source, String prefix, long changes, Path samples, boolean exactlyOnce) {

    /** Returns the topic of the row that ends the backlog. */
    String lastTopic() {
        return KafkaLap.topic(prefix, Backlog.FINISH_TABLE);
    }
}
