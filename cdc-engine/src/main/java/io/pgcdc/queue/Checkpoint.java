package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/** A small value that is overwritten often and survives a crash at any moment. Belongs to one thread. */
public interface Checkpoint<T> extends AutoCloseable {

    /** Returns the last value written, or null if there is none. */
    @Nullable
    T current();

    /** Returns true if it was written more than once: the value is then more than a starting point. */
    boolean hasMoved();

    /** Writes the value. Only {@link #force} makes it survive a power failure. The first value is forced at once. */
    void write(T value);

    /** Makes the last value survive a power failure. */
    void force();

    @Override
    void close();
}
