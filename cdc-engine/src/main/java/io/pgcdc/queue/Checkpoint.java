package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/** A small value that is overwritten often and survives a crash at any moment. Belongs to one thread. */
public interface Checkpoint<T> extends AutoCloseable {

    /** What was written last; null when nothing ever was. */
    @Nullable
    T current();

    /** Whether it was written more than once: what is there is more than a beginning. */
    boolean hasMoved();

    /** Writes the value; it is certain to survive a power failure only after {@link #force}. The first one is forced at once. */
    void write(T value);

    /** On return what was written last survives a power failure. */
    void force();

    @Override
    void close();
}
