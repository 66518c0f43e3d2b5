package io.pgcdc.json.value;

import io.pgcdc.model.PgType;

/** Types whose structure can change without a notice in the stream: ALTER TYPE of a composite sends no Relation message. */
public final class AlterableType {

    private AlterableType() {}

    /** Returns whether the type is a composite, or contains one. */
    public static boolean in(PgType type) {
        if (type.kind() == PgType.Kind.COMPOSITE) {
            return true;
        }
        PgType element = type.element();
        return element != null && in(element);
    }
}
