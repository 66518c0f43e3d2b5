package io.pgcdc.queue;

import java.nio.ByteBuffer;

/** Converts a checkpoint's value to bytes and back. */
public interface CheckpointLayout<T> {

    /** Returns the value's fixed length in bytes, at most 1024. */
    int length();

    void put(T value, ByteBuffer to);

    T get(ByteBuffer from);
}
