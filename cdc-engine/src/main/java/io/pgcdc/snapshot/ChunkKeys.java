package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import io.pgcdc.session.Quoted;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Single rows of a table by their keys. */
record ChunkKeys(SnapshotTable table, Set<RowKey> keys) implements ChunkQuery {

    /** The first word of the description. */
    static final String KEYS = "keys";

    ChunkKeys {
        keys = Set.copyOf(keys);
    }

    @Override
    public String sql() {
        List<String> columns = table.keyColumns();
        return table.select() + table.from() + " WHERE ("
                + Quoted.identifiers(columns) + ") IN ("
                + keys.stream().map(ChunkKeys::literals).collect(Collectors.joining(", ")) + ")" + table.filter();
    }

    private static String literals(RowKey key) {
        return key.texts().stream().map(Quoted::literal).collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public String fileCheck() {
        return ChunkQuery.untouched(table);
    }

    @Override
    public boolean isDivisible() {
        return keys.size() > 1;
    }

    @Override
    public String description() {
        return KEYS;
    }

    @Override
    public String toString() {
        return table.name() + ", " + keys.size() + " rows";
    }
}
