package io.pgcdc.sinks.avro;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.RecordId;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TruncateView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sinks.object.ValueReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Makes the schemas, keys and values of one layout of a table. Callers create one object per layout and keep it. Allocates nothing
 * per change, except for floats, and decimals of more than 18 digits. For one thread.
 */
public final class AvroTable {

    private static final int ONE = 1;
    private static final Map<SnapshotPlace, byte[]> SNAPSHOTS = snapshots();

    private final Relation relation;
    private final int[] key;
    private final AvroType[] types;
    /** Each column's PostgreSQL name, encoded as an Avro string. */
    private final byte[][] names;

    private final Schema keySchema;
    private final Schema valueSchema;
    private final RecordId recordId;
    private final Map<ChangeKind, byte[]> heads = new EnumMap<>(ChangeKind.class);
    private final JsonBuffer scratch = new JsonBuffer();

    /**
     * Makes the schemas.
     *
     * @param key indexes of the key's columns, in the key's order; may be empty
     */
    public AvroTable(Relation relation, int[] key, AvroOptions options) {
        this.relation = relation;
        this.key = key.clone();
        List<Column> columns = relation.columns();
        TableName table = new TableName(relation.schema(), relation.name());
        types = new AvroType[columns.size()];
        names = new byte[columns.size()][];
        for (int i = 0; i < types.length; i++) {
            Column column = columns.get(i);
            boolean asText = options.textColumns().contains(new ColumnName(table, column.name()));
            types[i] = asText ? AvroTypes.text() : AvroTypes.of(column);
            names[i] = text(column.name());
        }
        keySchema = AvroSchemas.key(relation, key, types, options.prefix());
        valueSchema = AvroSchemas.change(relation, types, options.prefix());
        recordId = new RecordId(relation);
        for (ChangeKind kind : ChangeKind.delivered()) {
            JsonBuffer head = new JsonBuffer();
            head.append(text(kind.name())).append(text(relation.schema())).append(text(relation.name()));
            heads.put(kind, Arrays.copyOf(head.array(), head.length()));
        }
    }

    private static byte[] text(String text) {
        JsonBuffer out = new JsonBuffer();
        Binary.appendBytes(text.getBytes(StandardCharsets.UTF_8), out);
        return Arrays.copyOf(out.array(), out.length());
    }

    private static Map<SnapshotPlace, byte[]> snapshots() {
        Map<SnapshotPlace, byte[]> all = new EnumMap<>(SnapshotPlace.class);
        for (SnapshotPlace place : SnapshotPlace.values()) {
            all.put(place, text(snapshot(place)));
        }
        return all;
    }

    /**
     * Returns the readers of the columns' values, by column index. They give Boolean, Integer, Long, Float, Double, String, byte[], BigDecimal for a
     * decimal, and List for an array; a date is its days.
     */
    public List<ValueReader> readers() {
        return Arrays.stream(types).map(AvroType::objects).toList();
    }

    public Schema keySchema() {
        return keySchema;
    }

    public Schema valueSchema() {
        return valueSchema;
    }

    /** Returns true if the change has a key: its rows contain the values of all the key's columns. A TRUNCATE has none. */
    public boolean hasKey(Change change) {
        for (int column : key) {
            if (keyRow(change, column) == null) {
                return false;
            }
        }
        return key.length > 0 && change.kind() != ChangeKind.TRUNCATE;
    }

    /**
     * Appends the key of a change that has one.
     *
     * @throws DecodeException if a value's text does not fit its type, or the value does not fit its schema
     */
    public void appendKey(Change change, JsonBuffer out) {
        for (int column : key) {
            appendText(Objects.requireNonNull(keyRow(change, column)), column, out);
        }
    }

    /** Returns the row that contains the key column's value, by the rule of {@link RecordId}; null if no row does. */
    public static @Nullable RowView keyRow(Change change, int column) {
        RowChange both = change.row();
        if (both == null) {
            return null;
        }
        RowView after = both.newRow();
        RowView row = after != null && after.state(column) != ValueState.UNCHANGED_TOAST ? after : both.oldRow();
        return row != null && row.state(column) == ValueState.TEXT ? row : null;
    }

    /**
     * Appends the value of a change.
     *
     * @throws DecodeException if a value's text does not fit its type, or the value does not fit its schema
     */
    public void appendValue(Change change, JsonBuffer out) {
        byte[] head = heads.get(change.kind());
        if (head == null) {
            throw new IllegalStateException("the avro format has no record for a " + change.kind());
        }
        Head.appendPosition(change, scratch, out);
        out.append(head);
        scratch.clear();
        if (recordId.appendText(change, scratch)) {
            out.appendByte(Binary.NOT_NULL);
            Binary.appendBytes(scratch, out);
        } else {
            out.appendByte(Binary.NULL);
        }
        RowChange row = change.row();
        RowView before = row == null ? null : row.oldRow();
        RowView after = row == null ? null : row.newRow();
        appendRow(before, out);
        Binary.appendBool(has(before, ValueState.NOT_SENT), out);
        appendRow(after, out);
        appendChangedFields(row, out);
        appendUnchangedToast(after, out);
        Binary.appendLong(change.commitTimeMicros(), out);
        Head.appendXid(change, out);
        Head.appendLsn(change, scratch, out);
        TruncateView truncate = change.truncate();
        appendFlag(truncate != null, truncate != null && truncate.cascade(), out);
        appendFlag(truncate != null, truncate != null && truncate.restartIdentity(), out);
        Head.appendOrigin(change, out);
        SnapshotPlace snapshot = change.snapshot();
        if (snapshot == null) {
            out.appendByte(Binary.NULL);
        } else {
            out.appendByte(Binary.NOT_NULL).append(Objects.requireNonNull(SNAPSHOTS.get(snapshot)));
        }
    }

    /** Returns the value of {@code snapshot}. */
    public static String snapshot(SnapshotPlace place) {
        return switch (place) {
            case FIRST -> "first";
            case LAST -> "last";
            case FIRST_OF_TABLE, INSIDE, LAST_OF_TABLE, INCREMENTAL -> "true";
        };
    }

    private void appendRow(@Nullable RowView row, JsonBuffer out) {
        if (row == null) {
            out.appendByte(Binary.NULL);
            return;
        }
        out.appendByte(Binary.NOT_NULL);
        for (int i = 0; i < types.length; i++) {
            if (row.state(i) == ValueState.TEXT) {
                out.appendByte(Binary.NOT_NULL);
                appendText(row, i, out);
            } else {
                out.appendByte(Binary.NULL);
            }
        }
    }

    private void appendText(RowView row, int column, JsonBuffer out) {
        try {
            types[column].values().append(row.buffer(column), row.offset(column), row.length(column), out);
        } catch (DecodeException e) {
            throw misfit(column, e);
        }
    }

    /** Returns the error of a value of the column, with the column's name. */
    public DecodeException misfit(int column, DecodeException e) {
        return new DecodeException(
                e.code(),
                "column \"" + relation.columns().get(column).name() + "\" of " + relation.qualifiedName() + ": "
                        + e.getMessage());
    }

    private boolean has(@Nullable RowView row, ValueState state) {
        for (int i = 0; row != null && i < types.length; i++) {
            if (row.state(i) == state) {
                return true;
            }
        }
        return false;
    }

    private void appendChangedFields(@Nullable RowChange row, JsonBuffer out) {
        if (row == null || !row.changedFieldsKnown()) {
            out.appendByte(Binary.NULL);
            return;
        }
        out.appendByte(Binary.NOT_NULL);
        for (int i = 0; i < types.length; i++) {
            if (row.isChanged(i)) {
                appendName(i, out);
            }
        }
        out.appendByte(0);
    }

    private void appendUnchangedToast(@Nullable RowView row, JsonBuffer out) {
        if (row == null || !has(row, ValueState.UNCHANGED_TOAST)) {
            out.appendByte(Binary.NULL);
            return;
        }
        out.appendByte(Binary.NOT_NULL);
        for (int i = 0; i < types.length; i++) {
            if (row.state(i) == ValueState.UNCHANGED_TOAST) {
                appendName(i, out);
            }
        }
        out.appendByte(0);
    }

    /** Appends one name as a block of one item, because the number of names is not known yet. */
    private void appendName(int column, JsonBuffer out) {
        Binary.appendLong(ONE, out);
        out.append(names[column]);
    }

    private static void appendFlag(boolean known, boolean value, JsonBuffer out) {
        if (known) {
            out.appendByte(Binary.NOT_NULL);
            Binary.appendBool(value, out);
        } else {
            out.appendByte(Binary.NULL);
        }
    }
}
