package io.pgcdc.json.value;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.PgType;

/** Creates the error for a text that does not fit its type. Never shows the text. */
final class Unreadable {

    private Unreadable() {}

    /** @param at byte of the value's text at which the error was found */
    static DecodeException value(PgType type, String why, int at) {
        return new DecodeException(
                ErrorCode.TYPE_UNREADABLE,
                "a value's text does not fit its type \"" + type.name() + "\" (oid "
                        + Integer.toUnsignedString(type.oid()) + "): " + why + ", at byte " + at
                        + " of the text. If the type was altered after the server last sent the table's layout, alter a column"
                        + " of the table: the server then sends the layout again. Otherwise report this.");
    }
}
