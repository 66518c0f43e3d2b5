package io.pgcdc.sinks.text;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;

/** Creates the error for a text that does not fit its type. Never shows the text. */
public final class Misfit {

    private Misfit() {}

    /** @param at byte of the text */
    public static DecodeException of(String type, int at) {
        return new DecodeException(
                ErrorCode.TYPE_UNREADABLE,
                "a value's text does not fit its type " + type + ", at byte " + at
                        + " of the text; if the type was altered after its table was last described, alter a column of the table so"
                        + " that the server describes it again, else report this");
    }
}
