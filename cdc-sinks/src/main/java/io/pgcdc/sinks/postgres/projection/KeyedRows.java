package io.pgcdc.sinks.postgres.projection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All changes of a key made into one. What is there is written in the order of the keys: two sinks never wait for each other in a circle. */
final class KeyedRows {

    /** What becomes of a row. */
    enum Op {
        /** Written, whether it was there or not. */
        UPSERT,
        /** Deleted and written anew: what columns of the target's own held goes. */
        REPLACE,
        DELETE
    }

    /** One row. */
    static final class Row {

        private final String order;
        private final byte[][] key;
        private Op op;
        private Texts values;
        private int changes;

        /** It need not be there: there was nothing to be kept of it. */
        private boolean mayBeMissing;

        private Row(String order, byte[][] key, Op op, Texts values) {
            this.order = order;
            this.key = key;
            this.op = op;
            this.values = values;
            this.changes = 1;
        }

        byte[][] key() {
            return key;
        }

        Op op() {
            return op;
        }

        Texts values() {
            return values;
        }

        /** So many changes of the source went into it. */
        int changes() {
            return changes;
        }

        boolean mayBeMissing() {
            return mayBeMissing;
        }
    }

    private static final Texts NO_VALUES = new Texts(0);

    private final Map<String, Row> rows = new HashMap<>();
    private final boolean separate;
    private int sequence;
    private int deletes;

    /** @param separate changes of one key are not made into one */
    KeyedRows(boolean separate) {
        this.separate = separate;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void clear() {
        rows.clear();
        sequence = 0;
        deletes = 0;
    }

    /** Whether a row waits to be deleted. */
    boolean hasDeletes() {
        return deletes > 0;
    }

    private static String order(byte[][] key) {
        StringBuilder text = new StringBuilder();
        for (byte[] value : key) {
            // with its length in front: no two keys are one text
            text.append((char) (value.length >>> 16)).append((char) value.length);
            text.append(new String(value, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private String nextOrder(byte[][] key) {
        return separate ? order(key) + String.format("%08x", sequence++) : order(key);
    }

    /** A row that is new. */
    void insert(byte[][] key, Texts values) {
        put(nextOrder(key), key, values, false);
    }

    private void put(String order, byte[][] key, Texts values, boolean mayBeMissing) {
        Row row = rows.get(order);
        if (row == null) {
            row = new Row(order, key, Op.UPSERT, values);
            rows.put(order, row);
        } else {
            row.changes = row.op == Op.DELETE ? 1 : row.changes + 1;
            row.op = row.op == Op.UPSERT ? Op.UPSERT : Op.REPLACE;
            row.values = values;
        }
        row.mayBeMissing = mayBeMissing;
    }

    /** Values of a row that is there; those that are absent stay as they are. */
    void update(byte[][] key, Texts values, boolean mayBeMissing) {
        String order = nextOrder(key);
        Row row = rows.get(order);
        if (row == null || row.op == Op.DELETE) {
            put(order, key, values, mayBeMissing);
            return;
        }
        row.values.merge(values);
        row.changes++;
        row.mayBeMissing &= mayBeMissing;
    }

    void delete(byte[][] key) {
        String order = order(key);
        rows.put(order, new Row(order, key, Op.DELETE, NO_VALUES));
        deletes++;
    }

    /** In the order in which they are to be written. */
    List<Row> ordered() {
        List<Row> ordered = new ArrayList<>(rows.values());
        ordered.sort(Comparator.comparing(row -> row.order));
        return ordered;
    }
}
