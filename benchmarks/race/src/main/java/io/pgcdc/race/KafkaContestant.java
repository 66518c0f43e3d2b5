package io.pgcdc.race;

import java.nio.file.Path;
import java.util.List;

/** A program that sends a backlog into a broker and ends. */
interface KafkaContestant {

    /** In tables. */
    String label();

    /** Whether it sends the backlog's changes, and not something of the same size. */
    boolean sendsChanges();

    /** Whether it finds them in a queue; else it reads the slot. */
    default boolean readsQueue() {
        return false;
    }

    List<String> command(KafkaLap lap, Path directory);
}
