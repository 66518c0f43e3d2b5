package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import java.util.ArrayList;
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
        return table.select() + table.from() + " WHERE ("
                + keys.stream().map(this::finds).collect(Collectors.joining(" OR ")) + ")" + table.filter();
    }

    private String finds(RowKey key) {
        List<String> texts = key.texts();
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            conditions.add(table.keyColumns().get(i).finds(texts.get(i)));
        }
        return "(" + String.join(" AND ", conditions) + ")";
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
