package io.pgcdc.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running pipeline for a snapshot.
 *
 * @param tables names of published tables, {@code schema.table}, or only their last part if one published table has it; empty: all
 * @param where a condition in SQL that rows must meet; null: all rows. It needs exactly one table
 * @param sinks the sinks that get the rows, by name; empty: all
 */
public record SnapshotRequest(List<String> tables, @Nullable String where, List<String> sinks) {

    public SnapshotRequest {
        tables = List.copyOf(tables);
        sinks = List.copyOf(sinks);
    }
}
