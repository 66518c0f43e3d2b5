package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.ChangeKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges all changes of a key into one row. Rows are written in key order, so two sinks never deadlock. */
final class KeyedRows {

    /** The operation on a row of the target. */
    enum RowOp {
        /** Insert the row. The target refuses it if it exists. */
        INSERT,
        /** Insert the row, or update it if it exists. */
        UPSERT,
        /** Like UPSERT, but an equal row stays as it is. */
        READ,
        /** Delete the row and insert it again. Columns that only the target has lose their values. */
        REPLACE,
        DELETE
    }

    /** One row of the target, with all its merged changes. */
    static final class Row {

        private final String order;
        private final byte[][] key;
        private RowOp op;
        private Texts values;
        private int changes;

        /** True if it is no error that the target lacks the row. */
        private boolean mayBeMissing;

        /** True if the source sent the whole row: the target gets it if it lacks it. */
        private boolean inserted;

        private Row(String order, byte[][] key, RowOp op, Texts values) {
            this.order = order;
            this.key = key;
            this.op = op;
            this.values = values;
            this.changes = 1;
        }

        byte[][] key() {
            return key;
        }

        RowOp op() {
            return op;
        }

        Texts values() {
            return values;
        }

        /** Returns the number of the source's changes that were merged into the row. */
        int changes() {
            return changes;
        }

        boolean mayBeMissing() {
            return mayBeMissing;
        }

        boolean inserted() {
            return inserted;
        }
    }

    private static final Texts NO_VALUES = new Texts(0);

    /** The waiting rows whose keys have the same rough form ({@link KeyText#rough}). Their keys may be equal. */
    private static final class Alike {

        private final byte[][] key;
        private boolean severalTexts;

        /** INSERT if all their changes are inserts, DELETE if all are deletes, READ if all are rows of a snapshot; else null. */
        private @Nullable ChangeKind only;

        Alike(byte[][] key, @Nullable ChangeKind only) {
            this.key = key;
            this.only = only;
        }
    }

    private static final int SEQUENCE_LENGTH = 8;

    private final Map<String, Row> rows = new HashMap<>();

    /** By the rough form of their keys. Empty if keys are equal only if their bytes are equal. */
    private final Map<String, Alike> alike = new HashMap<>();

    private final KeyText[] texts;
    private final boolean exact;
    private final boolean separate;
    private final boolean merges;
    private final boolean insertsAreNew;
    private int sequence;

    /**
     * Creates a set without rows.
     *
     * @param texts for each key column, how two texts compare; empty if the rows have no key and are only inserted
     * @param byVersion true if the target decides which of several changes of one key counts
     * @param merges true if each change of one key must be written
     * @param insertsAreNew true if it is an error that an inserted row exists in the target
     */
    KeyedRows(KeyText[] texts, boolean byVersion, boolean merges, boolean insertsAreNew) {
        this.texts = texts.clone();
        this.merges = merges;
        this.exact = Arrays.stream(texts).allMatch(text -> text == KeyText.EXACT);
        this.separate = byVersion || merges || texts.length == 0;
        this.insertsAreNew = insertsAreNew;
    }

    /** Returns true if rows are deleted and changed in the order of the changes, each after the rows that wait. */
    boolean isInOrder() {
        return separate;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void clear() {
        rows.clear();
        alike.clear();
        sequence = 0;
    }

    /**
     * Returns true if you must write the waiting rows before you add a change. There are two cases:
     *
     * <ul>
     *   <li>Its key may equal a waiting key that has another text. This case does not count if all these changes are inserts, all are
     *       deletes or all are rows of a snapshot: the server then finds the equal keys.
     *   <li>It inserts a row that must not exist, and a row with that key waits.
     * </ul>
     *
     * @param kind the kind of the change; UPDATE for a soft delete
     */
    boolean mustGoFirst(byte[][] key, ChangeKind kind) {
        if (separate || (exact && !insertsAreNew)) {
            return false;
        }
        if (insertsAreNew && kind == ChangeKind.INSERT) {
            Row row = rows.get(order(key));
            if (row != null && row.op != RowOp.DELETE) {
                return true;
            }
        }
        Alike waits = exact ? null : alike.get(order(rough(key)));
        return waits != null
                && (waits.severalTexts || !Arrays.deepEquals(waits.key, key))
                && (kind == ChangeKind.UPDATE || waits.only != kind);
    }

    private byte[][] rough(byte[][] key) {
        byte[][] rough = new byte[key.length][];
        for (int i = 0; i < key.length; i++) {
            rough[i] = texts[i].rough(key[i]);
        }
        return rough;
    }

    private void remember(byte[][] key, ChangeKind kind) {
        if (exact || separate) {
            return;
        }
        Alike waits = alike.computeIfAbsent(order(rough(key)), rough -> new Alike(key, kind));
        waits.severalTexts |= !Arrays.deepEquals(waits.key, key);
        if (kind == ChangeKind.UPDATE || waits.only != kind) {
            waits.only = null;
        }
    }

    private static String order(byte[][] key) {
        StringBuilder text = new StringBuilder();
        for (byte[] value : key) {
            // each value after its length, so that two keys never have the same text
            text.append((char) (value.length >>> 16)).append((char) value.length);
            text.append(new String(value, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private String nextOrder(byte[][] key) {
        return separate ? order(key) + String.format("%08x", sequence++) : order(key);
    }

    /** Adds a new row. */
    void insert(byte[][] key, Texts values) {
        remember(key, values.anyAbsent() ? ChangeKind.UPDATE : ChangeKind.INSERT);
        put(nextOrder(key), key, values, insertsAreNew ? RowOp.INSERT : RowOp.UPSERT, false, true);
    }

    /**
     * Adds a row of a snapshot. Only such rows wait, because a batch has no others beside them, and all are written at its end.
     *
     * @param mayExist true if the target may have the row: it is read while changes are streamed
     */
    void read(byte[][] key, Texts values, boolean mayExist) {
        if (separate || (insertsAreNew && !mayExist)) {
            insert(key, values);
            return;
        }
        remember(key, values.anyAbsent() ? ChangeKind.UPDATE : ChangeKind.READ);
        String order = order(key);
        Row there = rows.get(order);
        if (there != null && values.anyAbsent()) {
            there.values.merge(values);
            return;
        }
        Row row = new Row(order, key, RowOp.READ, values);
        row.inserted = true;
        rows.put(order, row);
    }

    private void put(String order, byte[][] key, Texts values, RowOp op, boolean mayBeMissing, boolean inserted) {
        Row row = rows.get(order);
        if (row == null) {
            row = new Row(order, key, op, values);
            rows.put(order, row);
        } else {
            row.changes = row.op == RowOp.DELETE ? 1 : row.changes + 1;
            boolean there = row.op != RowOp.DELETE;
            row.op = row.op == RowOp.UPSERT ? RowOp.UPSERT : RowOp.REPLACE;
            if (there && values.anyAbsent()) {
                row.values.merge(values);
            } else {
                row.values = values;
            }
        }
        row.mayBeMissing = mayBeMissing;
        row.inserted = inserted;
    }

    /**
     * Adds new values of an existing row. Absent values stay unchanged.
     *
     * @param mayBeMissing true for a soft delete, or while a snapshot is read: the target may lack the row
     * @param whole true if the source sent the whole row: the target gets it if it lacks it
     */
    void update(byte[][] key, Texts values, boolean mayBeMissing, boolean whole) {
        remember(key, ChangeKind.UPDATE);
        String order = nextOrder(key);
        Row row = rows.get(order);
        if (row == null || row.op == RowOp.DELETE) {
            put(order, key, values, RowOp.UPSERT, mayBeMissing, whole);
            return;
        }
        row.values.merge(values);
        row.changes++;
        row.mayBeMissing &= mayBeMissing;
        row.inserted |= whole;
    }

    void delete(byte[][] key) {
        remember(key, ChangeKind.DELETE);
        String order = order(key);
        rows.put(order, new Row(order, key, RowOp.DELETE, NO_VALUES));
    }

    /**
     * Returns the rows in groups that are written one after the other. Several, if changes of one key cannot be written by one statement:
     * the n-th group then has the n-th change of each key.
     */
    List<List<Row>> groups() {
        List<Row> ordered = ordered();
        boolean several =
                separate && texts.length > 0 && (merges || ordered.stream().anyMatch(row -> row.values.anyAbsent()));
        if (!several) {
            return List.of(ordered);
        }
        List<List<Row>> groups = new ArrayList<>();
        ordered.sort(Comparator.comparing(row -> row.order.substring(row.order.length() - SEQUENCE_LENGTH)));
        Map<String, Integer> changes = new HashMap<>();
        for (Row row : ordered) {
            int place = changes.merge(order(rough(row.key)), 1, Integer::sum) - 1;
            if (place == groups.size()) {
                groups.add(new ArrayList<>());
            }
            groups.get(place).add(row);
        }
        groups.forEach(group -> group.sort(Comparator.comparing(row -> row.order)));
        return groups;
    }

    /** Returns the rows in the order in which they are written. */
    List<Row> ordered() {
        List<Row> ordered = new ArrayList<>(rows.values());
        ordered.sort(Comparator.comparing(row -> row.order));
        return ordered;
    }
}
