package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.RowEncoder;
import io.pgcdc.json.value.IsoTime;
import io.pgcdc.model.Change;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.session.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts rows of one layout of a source table to rows of a target table. For one thread. */
final class TablePlan {

    private static final byte[] TRUE = {'t'};
    private static final byte[] FALSE = {'f'};

    /**
     * A column of the target that the sink writes.
     *
     * @param column its name
     * @param cast its type, without a length ({@link TargetTable.TargetColumn#cast})
     * @param kind the source of its values; null for deleted_column
     * @param write what a new value does with the present one
     * @param source index of the relation's column for kinds COLUMN and JSON; else -1
     * @param constant the value for kinds CONSTANT and TABLE; else empty
     * @param path where the value is in the relation's column, for kind JSON; else null
     * @param isJsonb true if the relation's column has that type
     */
    record Field(
            String column,
            String cast,
            MappedColumn.@Nullable Kind kind,
            MappedColumn.Write write,
            int source,
            String constant,
            @Nullable JsonPath path,
            boolean isJsonb) {

        /** Returns true if it has the whole value of the relation's column. */
        boolean isWhole(int relationColumn) {
            return source == relationColumn && kind == MappedColumn.Kind.COLUMN;
        }

        boolean merges() {
            return write == MappedColumn.Write.MERGE;
        }

        /**
         * Returns the SQL of a text converted to the column's type. The cast of text to regclass does not read what the server prints
         * for no table ({@code -}) and for a table that was dropped (its number).
         */
        String converted(String text) {
            return cast.equals("regclass") ? "regclassin(textout(" + text + "))" : text + "::" + cast;
        }

        byte[] constantText() {
            return constant.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Relation relation;
    private final String id;
    private final TargetTable target;
    private final List<Field> fields;
    private final int[] key;
    private final boolean keyIsIdentity;
    private final boolean insertsAreNew;
    private final RowEncoder rows;
    private final JsonBuffer scratch = new JsonBuffer();

    /**
     * Creates the plan. The caller has checked that the parts fit together.
     *
     * @param number the number of the mapping
     * @param key indexes of the fields that identify a row; empty if rows can only be inserted
     * @param insertsAreNew see {@link #insertsAreNew()}
     */
    TablePlan(Relation relation, int number, TargetTable target, List<Field> fields, int[] key, boolean insertsAreNew) {
        this.insertsAreNew = insertsAreNew;
        id = id(relation, number);
        this.relation = relation;
        this.target = target;
        this.fields = List.copyOf(fields);
        this.key = key.clone();
        this.rows = new RowEncoder(relation);
        keyIsIdentity = Arrays.stream(key)
                .mapToObj(fields::get)
                .allMatch(f ->
                        f.source() < 0 || relation.columns().get(f.source()).identity());
    }

    /** Returns the name of a source table's rows in one mapping: the table's oid, and the mapping's number unless it is the first. */
    static String id(Relation relation, int number) {
        return Integer.toUnsignedString(relation.oid()) + (number == 0 ? "" : "_" + number);
    }

    /** Returns {@link #id(Relation, int)} of this plan. */
    String id() {
        return id;
    }

    Relation relation() {
        return relation;
    }

    /** Returns true if a value of the target is a result of several changes, so that each change must be written. */
    boolean merges() {
        return fields.stream().anyMatch(Field::merges);
    }

    TargetTable target() {
        return target;
    }

    List<Field> fields() {
        return fields;
    }

    int[] key() {
        return key.clone();
    }

    boolean isKey(int field) {
        return Arrays.stream(key).anyMatch(k -> k == field);
    }

    /** Returns true if the key is part of the replica identity: an update without an old row then kept the key. */
    boolean keyIsIdentity() {
        return keyIsIdentity;
    }

    /** Returns the names of the key's columns. */
    List<String> keyNames() {
        return Arrays.stream(key).mapToObj(k -> fields.get(k).column()).toList();
    }

    /** Returns for each key column how two texts compare in the target. */
    KeyText[] keyTexts() {
        List<String> columns = keyNames();
        KeyText[] texts = new KeyText[key.length];
        for (int i = 0; i < key.length; i++) {
            Field field = fields.get(key[i]);
            if (field.source() < 0) {
                texts[i] = KeyText.EXACT; // equal in every row
            } else {
                Column column = relation.columns().get(field.source());
                boolean whole = field.path() == null;
                texts[i] = KeyText.of(
                        whole ? column.type() : PgType.TEXT,
                        whole ? column.typmod() : -1,
                        target.column(field.column()),
                        target.isDeterministic(field.column(), columns));
            }
        }
        return texts;
    }

    /**
     * Returns true if no key of the source is known. Two source rows may then have the same key in the target, so it is an error if
     * an inserted row exists there.
     */
    boolean insertsAreNew() {
        return insertsAreNew;
    }

    /** Returns the names of the key's columns, each after the prefix, with commas between them. */
    String keyColumns(String prefix) {
        return keyNames().stream().map(name -> prefix + Quoted.identifier(name)).collect(Collectors.joining(", "));
    }

    /** Returns the SQL condition, after AND, that row t is marked as deleted. Empty if the sink has no deleted_column. */
    String isDeleted() {
        for (Field field : fields) {
            if (field.kind() == null) {
                String column = "t." + Quoted.identifier(field.column());
                return " AND " + column + (isBoolean(field) ? "" : " IS NOT NULL");
            }
        }
        return "";
    }

    /**
     * Returns the values of a new row.
     *
     * @throws UnfitJsonException if a column with a path has another text, or a merged value is no object
     */
    Texts values(Change change, RowView row) {
        Texts values = new Texts(fields.size());
        for (int i = 0; i < values.size(); i++) {
            setValue(values, i, change, row);
            if (values.isAbsent(i)) {
                values.setPart();
            } else if (fields.get(i).write() == MappedColumn.Write.UNLESS_NULL && values.get(i) == null) {
                values.setAbsent(i);
            } else if (fields.get(i).merges()) {
                values.set(i, object(fields.get(i), values.get(i)));
            }
        }
        return values;
    }

    /** Returns the JSON object whose keys are added. A JSON null adds none, as null does. */
    private static byte @Nullable [] object(Field field, byte @Nullable [] value) {
        String text = value == null ? "null" : new String(value, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            return value;
        }
        if (text.equals("null")) {
            return null;
        }
        throw new UnfitJsonException(
                "the value for column " + field.column() + " is no JSON object, and columns adds its keys (||=)", null);
    }

    /** A value is not the JSON that the settings expect. */
    static final class UnfitJsonException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private UnfitJsonException(String message, @Nullable IOException cause) {
            super(message, cause);
        }
    }

    private void setValue(Texts values, int i, Change change, RowView row) {
        Field field = fields.get(i);
        MappedColumn.Kind kind = field.kind();
        if (kind == null) {
            values.set(i, isBoolean(field) ? FALSE : null);
            return;
        }
        switch (kind) {
            case COLUMN, JSON -> setText(values, i, row, field);
            case CONSTANT, TABLE -> values.set(i, field.constantText());
            case ROW -> setJson(values, i, row);
            case POSITION -> values.set(i, change.position().toString().getBytes(StandardCharsets.US_ASCII));
            case COMMIT_TIME -> values.set(i, time(change.commitTimeMicros()));
        }
    }

    private void setText(Texts values, int i, RowView row, Field field) {
        switch (row.state(field.source())) {
            case TEXT -> values.set(i, text(row, field));
            case NULL -> values.set(i, null);
            case UNCHANGED_TOAST, NOT_SENT -> {}
        }
    }

    private byte @Nullable [] text(RowView row, Field field) {
        int column = field.source();
        int offset = row.offset(column);
        JsonPath path = field.path();
        if (path == null) {
            return Arrays.copyOfRange(row.buffer(column), offset, offset + row.length(column));
        }
        try {
            return path.find(row.buffer(column), offset, row.length(column), field.isJsonb());
        } catch (IOException e) {
            throw new UnfitJsonException(
                    "its column " + relation.columns().get(column).name()
                            + " is not JSON, but columns has a path into it",
                    e);
        }
    }

    /** Sets the field to the row as JSON. The field stays absent if a value of the row is absent. */
    private void setJson(Texts values, int i, RowView row) {
        scratch.clear();
        if (!rows.append(row, scratch)) {
            values.set(i, Arrays.copyOf(scratch.array(), scratch.length()));
        }
    }

    /** Returns true if a field needs the whole row, but the source did not send all its values. */
    boolean lacksRow(Texts values) {
        for (int i = 0; i < values.size(); i++) {
            if (values.isAbsent(i) && fields.get(i).kind() == MappedColumn.Kind.ROW) {
                return true;
            }
        }
        return false;
    }

    private byte[] time(long micros) {
        scratch.clear();
        IsoTime.append(micros, scratch);
        return Arrays.copyOf(scratch.array(), scratch.length());
    }

    private static boolean isBoolean(Field field) {
        return field.cast().equals("boolean");
    }

    /** Returns the SQL condition, after AND, that row t has the constants of the plan: others belong to other mappings. */
    String hasConstants() {
        return fields.stream()
                .filter(f -> f.kind() == MappedColumn.Kind.CONSTANT || f.kind() == MappedColumn.Kind.TABLE)
                .map(f -> " AND t." + Quoted.identifier(f.column()) + " = " + Quoted.literal(f.constant()) + "::"
                        + f.cast())
                .collect(Collectors.joining());
    }

    /** Returns the values of a soft delete: the key, and the mark in deleted_column. */
    Texts deletedValues(Change change, byte[][] keyValues) {
        Texts values = new Texts(fields.size());
        for (int i = 0; i < key.length; i++) {
            values.set(key[i], keyValues[i]);
        }
        for (int i = 0; i < values.size(); i++) {
            Field field = fields.get(i);
            if (field.kind() == null) {
                values.set(i, deleted(field, change));
            }
        }
        return values;
    }

    /** Returns the mark of a deleted row: true, or the time of the commit. */
    byte[] deleted(Field field, Change change) {
        return isBoolean(field) ? TRUE : time(change.commitTimeMicros());
    }

    /** Returns the old row's key, or null if the source did not send all of it. */
    byte @Nullable [][] oldKey(RowChange row) {
        RowView old = row.oldRow();
        byte[][] values = new byte[key.length][];
        for (int i = 0; i < key.length; i++) {
            Field field = fields.get(key[i]);
            if (field.source() < 0) {
                values[i] = field.constantText();
            } else if (old != null && old.state(field.source()) == ValueState.TEXT) {
                byte[] value = text(old, field);
                if (value == null) {
                    return null;
                }
                values[i] = value;
            } else {
                return null;
            }
        }
        return values;
    }

    /**
     * Returns all values of the old row, for a table without a key. Null if the source did not send them, or if the target has values that
     * the old row does not tell.
     */
    @Nullable
    Texts oldValues(Change change, RowChange row) {
        RowView old = row.oldRow();
        if (old == null || relation.identity() != ReplicaIdentity.FULL) {
            return null;
        }
        Texts values = new Texts(fields.size());
        for (int i = 0; i < values.size(); i++) {
            MappedColumn.Kind kind = fields.get(i).kind();
            if (kind != null && kind != MappedColumn.Kind.POSITION && kind != MappedColumn.Kind.COMMIT_TIME) {
                setValue(values, i, change, old);
                if (values.isAbsent(i)) {
                    return null;
                }
            }
        }
        return values;
    }
}
