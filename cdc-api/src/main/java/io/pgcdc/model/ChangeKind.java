package io.pgcdc.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What happened; the names are those of the native format's {@code change_type}.
 *
 * <p>{@link #READ} and {@link #SCHEMA} are not delivered yet. They stand here so that a sink's {@code switch} knows them before they
 * come. Refuse a kind that you do not handle, with an exception; never pass over it.
 */
public enum ChangeKind {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    /** A logical message, written by {@code pg_logical_emit_message}. */
    MESSAGE,
    /** A row as a snapshot found it, written before the slot was read. Not delivered yet. */
    READ,
    /** A table's layout changed. Not delivered yet. */
    SCHEMA;

    private static final Set<ChangeKind> DELIVERED = Collections.unmodifiableSet(EnumSet.range(INSERT, MESSAGE));

    /** Returns the kinds that this version delivers, in their order. */
    public static Set<ChangeKind> delivered() {
        return DELIVERED;
    }
}
