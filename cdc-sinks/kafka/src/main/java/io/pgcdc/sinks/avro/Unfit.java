package io.pgcdc.sinks.avro;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;

/** Creates the error for a value that does not fit its column's type in the format. */
final class Unfit {

    private Unfit() {}

    /** @param what completes "the value is …" */
    static DecodeException of(String what) {
        return new DecodeException(
                ErrorCode.TYPE_UNREADABLE,
                "the value is " + what
                        + ". Add the column to text_columns, so that its values are texts, or exclude it with exclude_columns.");
    }
}
