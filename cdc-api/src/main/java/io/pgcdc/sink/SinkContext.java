package io.pgcdc.sink;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a sink is given by the program that runs it. Valid for as long as the sink lives, on any thread. The runner implements it; later
 * versions add methods.
 */
public interface SinkContext {

    /** Returns the sink's name in the configuration: letters, digits, {@code _} and {@code -}. Use it in messages. */
    String name();

    /** Returns the clock that says what time it is. Measure durations with {@link System#nanoTime}: this one may jump. */
    InstantSource clock();

    /**
     * Returns a directory for files of this sink alone. It lies in the queue's directory, keeps its place over restarts, and goes when
     * the queue's directory goes.
     *
     * <p>Nobody makes it for you. Read what is there when you like; create it in the first {@link Sink#write}, not sooner: until then the
     * queue may not be there, and a directory that holds other files does not become a queue's.
     */
    Path directory();

    /** Returns where the sink tells its numbers. */
    SinkMetrics metrics();
}
