package io.pgcdc.sink;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The services that the running program gives to a sink. Any thread may use them until the sink is closed. Sinks do not implement this
 * interface: later versions add methods.
 */
public interface SinkContext {

    /** Returns the sink's name in the configuration: letters, digits, {@code _} and {@code -}. Use it in messages. */
    String name();

    /** Returns the clock for the time of day. It may jump: measure durations with {@link System#nanoTime}. */
    InstantSource clock();

    /**
     * Returns a directory that only this sink uses. It is inside the queue's directory, and is deleted with it. Its path stays the
     * same after a restart.
     *
     * <p>The directory may not exist. You may read it at any time. Create it in the first {@link Sink#write}, not earlier: the
     * queue may not exist yet, and pgcdc refuses to create a queue in a directory that holds other files.
     */
    Path directory();

    /** Returns the receiver of the sink's metrics. */
    SinkMetrics metrics();
}
