package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;

/** Writes the values of one type. Made once a column and kept; belongs to one thread. */
interface ValueForm {

    /**
     * Appends one value that is not null; {@code null} for one that the record's form has no place for.
     *
     * @param buffer holds the text of the type's output function in UTF-8, from {@code offset} for {@code length} bytes
     * @throws DecodeException when the text does not fit the type; {@code out} then holds an unfinished value
     */
    void append(byte[] buffer, int offset, int length, JsonBuffer out);
}
