package io.pgcdc.sink;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What the program that runs a sink gives to it. Valid on any thread, as long as the sink lives. The runner implements it; later
 * versions add methods.
 */
public interface SinkContext {

    /** Returns the sink's name in the configuration: letters, digits, {@code _} and {@code -}. Use it in messages. */
    String name();

    /** Returns the clock for the time of day. It may jump: measure durations with {@link System#nanoTime}. */
    InstantSource clock();

    /**
     * Returns a directory for files of this sink alone. It lies in the queue's directory. Its path stays the same over restarts,
     * and it is deleted with the queue's directory.
     *
     * <p>The directory may not exist. You may read it at any time. Create it in the first {@link Sink#write}, not earlier: the
     * queue may not exist yet, and pgcdc refuses to create a queue in a directory that holds other files.
     */
    Path directory();

    /** Returns the receiver of the sink's metrics. */
    SinkMetrics metrics();
}
