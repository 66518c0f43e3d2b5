package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.model.ChangeKind;
import java.nio.charset.StandardCharsets;

/** What may stand in change_type. */
enum RowKind {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    READ,
    MESSAGE;

    private final byte[] text = name().getBytes(StandardCharsets.US_ASCII);

    /** As it stands in the table; not to be written to. */
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
            case READ, SCHEMA -> throw new IllegalStateException("change_logs has no row for " + kind);
        };
    }
}
