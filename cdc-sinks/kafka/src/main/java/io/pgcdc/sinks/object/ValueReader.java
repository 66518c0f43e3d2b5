package io.pgcdc.sinks.object;

import org.jspecify.annotations.Nullable;

/** Reads the values of one type. Each column has its own reader, created once. For one thread. */
@FunctionalInterface
public interface ValueReader {

    /**
     * Returns one non-null value, or null if the record's form cannot hold it. A struct's value is an array of its fields' values, in the order
     * of its schema.
     *
     * @param buffer holds the value as the text of the type's output function, in UTF-8: {@code length} bytes from {@code offset}
     * @throws io.pgcdc.error.DecodeException if the text does not fit the type, or the value does not fit the schema
     */
    @Nullable
    Object read(byte[] buffer, int offset, int length);
}
