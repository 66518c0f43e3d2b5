package io.pgcdc.snapshot;

import java.util.stream.Collectors;

/** What one chunk reads. Its toString names it in messages. */
interface ChunkQuery {

    SnapshotTable table();

    /** Returns the query of the rows. */
    String sql();

    /**
     * Returns a query that the transaction asks after it has read the rows, while it still holds the table's lock. True: the rows are right. A
     * table that was rewritten may show no rows.
     */
    String fileCheck();

    /** Returns true if it can be divided into two. */
    boolean isDivisible();

    /** Returns what the queue stores with the chunk. */
    String description();

    /** Returns a check that the table's files are those that the transaction sees in the catalog. */
    static String untouched(SnapshotTable table) {
        String oids = table.files().stream()
                .map(file -> Integer.toUnsignedString(file.oid()))
                .collect(Collectors.joining(", "));
        // a query of the catalog sees a file as it was, pg_relation_filenode() as it is
        return "SELECT count(*) = " + table.files().size() + " FROM pg_catalog.pg_class WHERE oid IN (" + oids
                + ") AND relfilenode = pg_catalog.pg_relation_filenode(oid)";
    }
}
