package io.pgcdc.snapshot;

import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.session.Quoted;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A range of one file of a table.
 *
 * @param pass of the file in the ledger
 */
record ChunkRange(SnapshotTable table, TableFile file, int pass, TidRange range) implements ChunkQuery {

    @Override
    public String sql() {
        return table.select() + " FROM ONLY " + file.name().sql() + " WHERE " + range.condition() + table.filter();
    }

    /** The file is the planned one, and the stream says where its rows move: each publication with UPDATE still has it. */
    @Override
    public String fileCheck() {
        List<String> publications = table.publicationsWithUpdates();
        String updates = publications.isEmpty()
                ? ""
                : " AND (SELECT count(*) FROM pg_catalog.pg_publication WHERE pubupdate AND pubname IN ("
                        + publications.stream().map(Quoted::literal).collect(Collectors.joining(", ")) + ")) = "
                        + publications.size();
        return "SELECT pg_catalog.pg_relation_filenode(" + Integer.toUnsignedString(file.oid()) + ") = "
                + file.filenode() + updates;
    }

    @Override
    public boolean isDivisible() {
        return range.isDivisible();
    }

    /** Returns the file's oid, its filenode, the pass, and the range. */
    @Override
    public String description() {
        return Integer.toUnsignedString(file.oid()) + " " + file.filenode() + " " + pass + " " + range;
    }

    ChunkRange with(TidRange other) {
        return new ChunkRange(table, file, pass, other);
    }

    @Override
    public String toString() {
        return file.name() + " " + range;
    }
}
