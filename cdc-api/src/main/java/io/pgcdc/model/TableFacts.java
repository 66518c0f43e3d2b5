package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog said of a table's history when its layout arrived: which table and which columns these are, under whatever names. From two
 * of them it can be told what was altered between.
 *
 * @param storage names the file (pg_class.relfilenode) or, of a partitioned table, the files that hold the rows; 0 if not known
 * @param rewrites how often, as far as known, the rows had come into another file when a new layout arrived
 * @param lastAttnum the highest pg_attribute.attnum that was given when this layout stood, dropped and unpublished columns included
 * @param partitioned it is a partitioned table, whose partitions' rows come under its name
 * @param root the topmost table that it is a partition of, or null
 * @param columns of the relation's columns, in their order; one is null where the catalog no longer knew that column as it came
 * @param outdated the catalog had a later layout already when it was read, and storage is of then; not stored
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
     * One column.
     *
     * @param attnum pg_attribute.attnum, which a column keeps when it is renamed
     * @param stamp changes with each ALTER of the column (pg_attribute.xmin)
     * @param filled it has a default, is an identity, is generated, or must not be null: rows that were there before it need not have null
     * @param missing the value of rows that were there before the column, as text; null: null, or the rows were rewritten with it since
     */
    public record ColumnFacts(
            int attnum, int stamp, boolean filled, @Nullable String missing) {}

    public TableFacts {
        columns = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(columns));
    }

    /** Of a layout that is not outdated. */
    public TableFacts(
            int storage,
            int rewrites,
            int lastAttnum,
            boolean partitioned,
            @Nullable Root root,
            List<@Nullable ColumnFacts> columns) {
        this(storage, rewrites, lastAttnum, partitioned, root, columns, false);
    }

    /** With a count of rewrites; the storage stays if it is the layout's own. */
    public TableFacts withRewrites(int count) {
        return new TableFacts(outdated ? 0 : storage, count, lastAttnum, partitioned, root, columns);
    }

    /** With the facts of these columns alone. */
    public TableFacts withColumns(List<@Nullable ColumnFacts> others) {
        return new TableFacts(storage, rewrites, lastAttnum, partitioned, root, others, outdated);
    }

    /** Returns whether a column with a higher number may hold a different value in each old row, if its ADD COLUMN rewrote the table. */
    public boolean fillsBehind(int attnum) {
        return columns.stream()
                .anyMatch(column ->
                        column != null && column.attnum() > attnum && column.filled() && column.missing() == null);
    }

    /** What a layout is: rows move to another file without it (TRUNCATE, VACUUM FULL). */
    TableFacts layoutOnly() {
        return new TableFacts(0, 0, lastAttnum, partitioned, root, columns);
    }
}
