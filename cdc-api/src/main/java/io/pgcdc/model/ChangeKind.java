package io.pgcdc.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The kind of a change. The names are those of {@code change_type} in the native format.
 *
 * <p>{@link #SCHEMA} is not delivered yet. It exists so that a sink's {@code switch} covers it already. If you do not handle a
 * kind, throw an exception; never skip it.
 */
public enum ChangeKind {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    /** A logical message, written by {@code pg_logical_emit_message}. */
    MESSAGE,
    /** A row of a snapshot: it existed at that time. It has a new row only. It may come when the sink has the row already. */
    READ,
    /** A table's layout changed. Not delivered yet. */
    SCHEMA,
    /**
     * Not a change of a row. It has a relation and no row. If {@link Change#snapshot} is FIRST_OF_TABLE, then from here on each row that the table
     * has comes, as READ, INSERT or UPDATE. If it is LAST_OF_TABLE, then a row that did not come since is not in the table: delete it. The beginning
     * may come again, and all counts from there. An end without a beginning means nothing. Only a sink whose {@code Sink.reconciles()} says true
     * gets it.
     */
    RECONCILE;

    private static final Set<ChangeKind> DELIVERED = Collections.unmodifiableSet(EnumSet.range(INSERT, READ));

    /** Returns the kinds that pipelines of this version deliver, and each sink must handle; in their order. */
    public static Set<ChangeKind> delivered() {
        return DELIVERED;
    }
}
