package io.pgcdc.race;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that reads a slot to its end and ends. */
interface Contestant {

    /** In tables and pictures. */
    String label();

    /** Its version, as far as it can be told. */
    String version();

    /** What it needs to be started is there. */
    boolean isPresent();

    /** Drains the lap's slot; standard output is data. */
    List<String> drain(Lap lap, Path directory);

    /** Of {@link #drain}. */
    default Map<String, String> environment(Lap lap) {
        return lap.server().environment();
    }

    /**
     * Looks at what was written to standard output and standard error.
     *
     * @return what it saw, to be compared with what was written to the tables
     */
    Seen check(Path stdout, Path stderr);

    /** Reads on without an end, and writes a line for each row of table race.beats when it sees it: its id, a blank, the nanoseconds. */
    default boolean showsBeats() {
        return false;
    }

    /** The command of {@link #showsBeats}. */
    default List<String> follow(Lap lap, Path directory) {
        throw new IllegalStateException(label() + " shows no beats");
    }
}
