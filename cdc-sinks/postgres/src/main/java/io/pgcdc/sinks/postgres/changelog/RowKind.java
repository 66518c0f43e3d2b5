package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.model.ChangeKind;
import java.nio.charset.StandardCharsets;

/** The values of change_type. */
enum RowKind {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    READ,
    MESSAGE;

    private final byte[] text = name().getBytes(StandardCharsets.US_ASCII);

    /** Returns the value of change_type as ASCII. Do not write to the array. */
    byte[] text() {
        return text;
    }

    static RowKind of(ChangeKind kind) {
        return switch (kind) {
            case INSERT -> INSERT;
            case UPDATE -> UPDATE;
            case DELETE -> DELETE;
            case TRUNCATE -> TRUNCATE;
            case MESSAGE -> MESSAGE;
            case READ -> READ;
            case SCHEMA, RECONCILE -> throw new IllegalStateException("change_logs has no row for a " + kind);
        };
    }
}
