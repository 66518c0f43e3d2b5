package io.pgcdc.sinks.text;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;

/** Creates the error for a text that does not fit its type. Never shows the text. */
public final class Misfit {

    private Misfit() {}

    /**
     * @param type name of the type
     * @param at offset in the text where the error was found, in bytes
     */
    public static DecodeException of(String type, int at) {
        return new DecodeException(
                ErrorCode.TYPE_UNREADABLE,
                "a value's text does not fit its type " + type + ", at byte " + at
                        + " of the text. If the type was altered after the server last sent the table's layout, alter a column of"
                        + " the table: the server then sends the layout again. Otherwise report this.");
    }
}
