package io.pgcdc.queue;

import java.nio.ByteBuffer;

/** How a checkpoint's value becomes bytes. */
public interface CheckpointLayout<T> {

    /** The value's fixed length in bytes, at most 1024. */
    int length();

    void put(T value, ByteBuffer to);

    T get(ByteBuffer from);
}
