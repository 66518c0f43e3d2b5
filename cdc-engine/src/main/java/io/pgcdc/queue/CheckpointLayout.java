package io.pgcdc.queue;

import java.nio.ByteBuffer;

/** Converts a checkpoint's value to bytes and back. */
public interface CheckpointLayout<T> {

    /** Returns the length in bytes of the value without its extra part, at most 256. Fixed. */
    int length();

    void put(T value, ByteBuffer to);

    T get(ByteBuffer from);

    /** Returns a part of the value that is usually not there, in bytes; empty if it is not. */
    default byte[] extra(T value) {
        return new byte[0];
    }

    /**
     * Returns the value with its extra part.
     *
     * @throws RuntimeException the bytes are no such part
     */
    default T with(T value, byte[] extra) {
        throw new IllegalArgumentException("a value without an extra part has one of " + extra.length + " bytes");
    }
}
