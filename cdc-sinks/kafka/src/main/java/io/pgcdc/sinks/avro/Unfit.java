package io.pgcdc.sinks.avro;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;

/** The error for a value that its column's Avro type has no place for. */
final class Unfit {

    private Unfit() {}

    /** @param what completes "the value is …" */
    static DecodeException of(String what) {
        return new DecodeException(
                ErrorCode.TYPE_UNREADABLE,
                "the value is " + what
                        + ". Name the column under text_columns, so that its values come as text, or leave it out with exclude_columns.");
    }
}
