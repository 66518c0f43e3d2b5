package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;

/** Writes the values of one type. Created once per column and kept; belongs to one thread. */
interface ValueForm {

    /**
     * Appends one non-null value, or {@code null} if the record's form cannot hold it.
     *
     * @param buffer holds the text of the type's output function in UTF-8, from {@code offset} for {@code length} bytes
     * @throws DecodeException if the text does not fit the type; {@code out} then holds an unfinished value
     */
    void append(byte[] buffer, int offset, int length, JsonBuffer out);
}
