package io.pgcdc.model;

/** What happened; the names are those of the native format's {@code change_type}. */
public enum ChangeKind {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    /** A logical message, written by {@code pg_logical_emit_message}. */
    MESSAGE
}
