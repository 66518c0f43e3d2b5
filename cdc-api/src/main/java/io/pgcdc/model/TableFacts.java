package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog knew of a table when its layout arrived: the identity of the table and its columns, independent of their names.
 * Comparing the facts of two layouts tells what was altered between them.
 *
 * @param storage the file that holds the rows (pg_class.relfilenode), or a value for all files of a partitioned table; 0 if not
 *     known
 * @param rewrites how often the rows were in a new file when a new layout arrived, as far as known
 * @param lastAttnum the highest pg_attribute.attnum of this layout, including dropped and unpublished columns
 * @param partitioned true for a partitioned table, whose partitions' rows arrive under its name
 * @param root the topmost table that this is a partition of, or null
 * @param columns facts of the relation's columns, in their order; an element is null if the catalog did not know the column as it
 *     arrived
 * @param outdated true if the catalog had a later layout when it was read; storage is that later one's. Not stored
 */
public record TableFacts(
        int storage,
        int rewrites,
        int lastAttnum,
        boolean partitioned,
        @Nullable Root root,
        List<@Nullable ColumnFacts> columns,
        boolean outdated) {

    /**
     * A partitioned table.
     *
     * @param oid pg_class.oid
     */
    public record Root(int oid, String schema, String name) {}

    /**
     * The facts of one column.
     *
     * @param attnum pg_attribute.attnum, which stays the same when the column is renamed
     * @param stamp changes with each ALTER of the column (pg_attribute.xmin)
     * @param filled true if the column has a default, is an identity, is generated, or is NOT NULL: rows older than the column may
     *     be non-null
     * @param missing the value, as text, in rows older than the column; null if that is SQL null, or if the rows were rewritten
     *     since
     */
    public record ColumnFacts(
            int attnum, int stamp, boolean filled, @Nullable String missing) {}

    public TableFacts {
        columns = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(columns));
    }

    /** Creates the facts of a layout that is not outdated. */
    public TableFacts(
            int storage,
            int rewrites,
            int lastAttnum,
            boolean partitioned,
            @Nullable Root root,
            List<@Nullable ColumnFacts> columns) {
        this(storage, rewrites, lastAttnum, partitioned, root, columns, false);
    }

    /** Returns these facts with another count of rewrites. Keeps the storage, unless it is a later layout's. */
    public TableFacts withRewrites(int count) {
        return new TableFacts(outdated ? 0 : storage, count, lastAttnum, partitioned, root, columns);
    }

    /** Returns these facts with another name of the root. */
    public TableFacts withRoot(@Nullable Root other) {
        return new TableFacts(storage, rewrites, lastAttnum, partitioned, other, columns, outdated);
    }

    /** Returns these facts with other facts of columns. */
    public TableFacts withColumns(List<@Nullable ColumnFacts> others) {
        return new TableFacts(storage, rewrites, lastAttnum, partitioned, root, others, outdated);
    }

    /** Returns whether a column with a higher number may hold a different value in each old row, if its ADD COLUMN rewrote the table. */
    public boolean fillsBehind(int attnum) {
        return columns.stream()
                .anyMatch(column ->
                        column != null && column.attnum() > attnum && column.filled() && column.missing() == null);
    }

    /** Returns these facts without storage: TRUNCATE and VACUUM FULL move rows to another file but keep the layout. */
    TableFacts layoutOnly() {
        return new TableFacts(0, 0, lastAttnum, partitioned, root, columns);
    }
}
