package io.pgcdc.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running pipeline for a snapshot.
 *
 * @param tables names of published tables, {@code schema.table}, or only their last part if one published table has it; empty: all.
 *     A name that several tables carry, by the setting {@code table_aliases}, means all of these
 * @param where a condition in SQL that rows must meet; null: all rows. It needs exactly one table
 * @param sinks the sinks that get the rows, by name; empty: all
 * @param reconcile true if sinks that can do so delete the rows of these tables that the source does not have
 */
public record SnapshotRequest(List<String> tables, @Nullable String where, List<String> sinks, boolean reconcile) {

    /** Asks for rows only. */
    public SnapshotRequest(List<String> tables, @Nullable String where, List<String> sinks) {
        this(tables, where, sinks, false);
    }

    public SnapshotRequest {
        tables = List.copyOf(tables);
        sinks = List.copyOf(sinks);
    }
}
