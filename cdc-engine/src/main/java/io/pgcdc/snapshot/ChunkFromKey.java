package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import io.pgcdc.catalog.KeyColumns.KeyColumn;
import io.pgcdc.session.Quoted;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table in the order of its key. For a table of which files tell nothing: it was rewritten, or rows move in it and no change says so.
 *
 * @param pass of the table in the ledger
 * @param after the last key of the earlier chunk; null: it is the first chunk
 * @param limit rows at most
 * @param upTo its last key; null: not read yet, or there are no later rows
 */
record ChunkFromKey(
        SnapshotTable table,
        int pass,
        @Nullable RowKey after,
        int limit,
        @Nullable RowKey upTo) implements ChunkQuery {

    /** The first word of the description. */
    static final String FROM_KEY = "from_key";

    /** Stands for the last key, if there are no later rows. */
    static final String END = "end";

    ChunkFromKey(SnapshotTable table, int pass, @Nullable RowKey after, int limit) {
        this(table, pass, after, limit, null);
    }

    @Override
    public String sql() {
        String key = table.keyColumns().stream().map(KeyColumn::sorted).collect(Collectors.joining(", "));
        RowKey from = after;
        String later = from == null
                ? "true"
                : "(" + key + ") > "
                        + from.texts().stream().map(Quoted::literal).collect(Collectors.joining(", ", "(", ")"));
        return table.select() + table.from() + " WHERE " + later + table.filter() + " ORDER BY " + key + " LIMIT "
                + limit;
    }

    @Override
    public String fileCheck() {
        return ChunkQuery.untouched(table);
    }

    /** It is divided by its limit. */
    @Override
    public boolean isDivisible() {
        return limit > 1;
    }

    /** Returns it once it is read. */
    ChunkFromKey read(int rows, @Nullable RowKey last) {
        if (rows >= limit && last == null) {
            throw new IllegalStateException("a row of " + table.name() + " has no key");
        }
        return new ChunkFromKey(table, pass, after, limit, rows < limit ? null : last);
    }

    /** Returns the table's oid, the pass, and the last key. */
    @Override
    public String description() {
        RowKey last = upTo;
        return FROM_KEY + " " + Integer.toUnsignedString(table.oid()) + " " + pass + " "
                + (last == null ? END : last.hex());
    }

    @Override
    public String toString() {
        RowKey from = after;
        return table.name() + (from == null ? " from its first key" : " after key " + String.join(", ", from.texts()));
    }
}
