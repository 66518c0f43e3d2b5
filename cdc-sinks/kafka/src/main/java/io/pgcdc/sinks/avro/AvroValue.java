package io.pgcdc.sinks.avro;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;

/** Writes the values of one type. Each column has its own writer, created once. For one thread. */
interface AvroValue {

    /**
     * Appends one non-null value.
     *
     * @param buffer holds the value as the text of the type's output function, in UTF-8: {@code length} bytes from {@code offset}
     * @throws DecodeException if the text does not fit the type, or the value does not fit the schema; {@code out} then holds an
     *     unfinished value
     */
    void append(byte[] buffer, int offset, int length, JsonBuffer out);
}
