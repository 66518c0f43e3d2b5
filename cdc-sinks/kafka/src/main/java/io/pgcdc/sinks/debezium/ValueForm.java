package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;

/** Writes the values of one type. Created once per column and kept. For one thread. */
public interface ValueForm {

    /**
     * Appends one non-null value, or {@code null} if the record's form cannot hold it.
     *
     * @param buffer holds the value as the text of the type's output function, in UTF-8: {@code length} bytes from {@code offset}
     * @throws DecodeException if the text does not fit the type; {@code out} then holds an unfinished value
     */
    void append(byte[] buffer, int offset, int length, JsonBuffer out);
}
