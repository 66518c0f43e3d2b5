package io.pgcdc.json.value;

import io.pgcdc.model.PgType;

/** Types whose structure can change without the stream saying so: ALTER TYPE of a composite sends no Relation message. */
public final class AlterableType {

    private AlterableType() {}

    /** Whether the type is a composite, or has one inside. */
    public static boolean in(PgType type) {
        if (type.kind() == PgType.Kind.COMPOSITE) {
            return true;
        }
        PgType element = type.element();
        return element != null && in(element);
    }
}
