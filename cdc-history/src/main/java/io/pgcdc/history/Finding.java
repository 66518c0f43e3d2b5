package io.pgcdc.history;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fault of a stream.
 *
 * @param position of the change that shows it, or of the last change of the row; null if there is none
 * @param table {@code schema.table}
 * @param key of the row; empty if the fault is no row's
 * @param what what is wrong, without values of the row
 */
public record Finding(Kind kind, @Nullable String position, String table, String key, String what) {

    /** The kinds of faults. */
    public enum Kind {
        /** A change is missing. */
        LOST,
        /** A change came again. */
        TWICE,
        /** A change came after a later one. */
        ORDER,
        /** A change or a row has another content. */
        CONTENT
    }

    /** Returns one line. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ": " + (position == null ? "" : "position " + position + ", ")
                + table + (key.isEmpty() ? "" : ", key " + key) + ": " + what;
    }
}
