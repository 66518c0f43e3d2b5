package io.pgcdc.json;

import io.pgcdc.error.DecodeException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The change record of our own: one JSON object a change, with names from the change_logs table.
 *
 * <pre>
 *   {"position":"0/1A2B3C8:0","change_type":"UPDATE","schema_name":"s","table_name":"t","record_id":"42",
 *    "old_data":{..}|null,"new_data":{..}|null,"changed_fields":["a"]|null,"unchanged_toast":["b"],
 *    "changed_at":"2026-01-02T03:04:05.678901Z","xid":771,"lsn":"0/1A2B2F0"}
 * </pre>
 *
 * The first eight keys are always there, null where they do not apply. {@code unchanged_toast} is left out when empty, {@code xid}
 * for a message outside a transaction. At the end TRUNCATE adds {@code cascade} and {@code restart_identity}; MESSAGE adds
 * {@code prefix}, {@code content} ({@code content_base64} when it is not UTF-8) and {@code transactional}; and any change
 * {@code origin} when there is one.
 *
 * <p>Keeps what it worked out for each relation; allocates nothing a change. Belongs to one thread.
 */
public final class NativeFormat {

    private static final byte[] NO_RELATION = Ascii.bytes(",\"schema_name\":null,\"table_name\":null,\"record_id\":");

    /** All that is worked out once a relation. */
    private static final class Table {
        final byte[] names;
        final RowEncoder rows;
        final RecordId recordId;

        Table(Relation relation) {
            JsonBuffer buffer = new JsonBuffer();
            buffer.appendAscii(",\"schema_name\":").appendString(relation.schema());
            buffer.appendAscii(",\"table_name\":").appendString(relation.name());
            buffer.appendAscii(",\"record_id\":");
            names = java.util.Arrays.copyOf(buffer.array(), buffer.length());
            rows = new RowEncoder(relation);
            recordId = new RecordId(rows);
        }
    }

    private final IdentityHashMap<Relation, Table> tables = new IdentityHashMap<>();

    /**
     * Appends the record of one change, without a line end; no newline occurs within it.
     *
     * @throws DecodeException when a value's text does not fit its type; {@code out} is then as it was before
     */
    public void append(Change change, JsonBuffer out) {
        int start = out.length();
        try {
            appendRecord(change, out);
        } catch (DecodeException e) {
            out.truncate(start);
            throw e;
        }
    }

    private void appendRecord(Change change, JsonBuffer out) {
        Relation relation = change.relation();
        Table table = relation == null ? null : table(relation);

        out.appendAscii("{\"position\":\"");
        appendPosition(change, out);
        out.appendAscii("\",\"change_type\":\"")
                .appendAscii(change.kind().name())
                .appendByte('"');
        if (table == null) {
            out.append(NO_RELATION).append(Ascii.NULL);
        } else {
            out.append(table.names);
            table.recordId.append(change, out);
        }
        appendRow(",\"old_data\":", table, change.oldRow(), out);
        appendRow(",\"new_data\":", table, change.newRow(), out);
        appendChangedFields(change, table, out);
        appendUnchangedToast(change, table, out);
        out.appendAscii(",\"changed_at\":\"");
        IsoTime.append(change.commitTimeMicros(), out);
        out.appendByte('"');
        if (change.xid() != 0) {
            out.appendAscii(",\"xid\":").appendLong(Integer.toUnsignedLong(change.xid()));
        }
        out.appendAscii(",\"lsn\":\"").appendLsn(change.lsn()).appendByte('"');
        if (change.kind() == ChangeKind.TRUNCATE) {
            appendFlag(",\"cascade\":", change.cascade(), out);
            appendFlag(",\"restart_identity\":", change.restartIdentity(), out);
        }
        MessageView message = change.message();
        if (message != null) {
            appendMessage(message, out);
        }
        String origin = change.origin();
        if (origin != null) {
            out.appendAscii(",\"origin\":").appendString(origin);
        }
        out.appendByte('}');
    }

    /** As {@link io.pgcdc.model.Position#toString}, without making one. */
    private static void appendPosition(Change change, JsonBuffer out) {
        out.appendLsn(change.commitLsn()).appendByte(':').appendLong(change.ordinal());
        if (change.epoch() != 0) {
            out.appendByte('@').appendLong(change.epoch());
        }
    }

    private static void appendRow(String key, @Nullable Table table, @Nullable RowView row, JsonBuffer out) {
        out.appendAscii(key);
        if (table == null || row == null) {
            out.append(Ascii.NULL);
        } else {
            table.rows.append(row, out);
        }
    }

    private static void appendChangedFields(Change change, @Nullable Table table, JsonBuffer out) {
        out.appendAscii(",\"changed_fields\":");
        if (table == null || change.kind() != ChangeKind.UPDATE || !change.changedFieldsKnown()) {
            out.append(Ascii.NULL);
            return;
        }
        out.appendByte('[');
        boolean first = true;
        for (int i = 0; i < table.rows.relation().columns().size(); i++) {
            if (change.isChanged(i)) {
                if (!first) {
                    out.appendByte(',');
                }
                table.rows.appendName(i, out);
                first = false;
            }
        }
        out.appendByte(']');
    }

    private static void appendUnchangedToast(Change change, @Nullable Table table, JsonBuffer out) {
        RowView row = change.newRow();
        if (table == null || row == null) {
            return;
        }
        boolean any = false;
        for (int i = 0; i < table.rows.relation().columns().size(); i++) {
            if (row.state(i) == ValueState.UNCHANGED_TOAST) {
                out.appendAscii(any ? "," : ",\"unchanged_toast\":[");
                table.rows.appendName(i, out);
                any = true;
            }
        }
        if (any) {
            out.appendByte(']');
        }
    }

    private static void appendMessage(MessageView message, JsonBuffer out) {
        out.appendAscii(",\"prefix\":").appendString(message.prefix());
        if (Utf8.isValid(message.buffer(), message.offset(), message.length())) {
            out.appendAscii(",\"content\":").appendString(message.buffer(), message.offset(), message.length());
        } else {
            out.appendAscii(",\"content_base64\":").appendBase64(message.buffer(), message.offset(), message.length());
        }
        appendFlag(",\"transactional\":", message.transactional(), out);
    }

    private static void appendFlag(String key, boolean value, JsonBuffer out) {
        out.appendAscii(key).append(value ? Ascii.TRUE : Ascii.FALSE);
    }

    private Table table(Relation relation) {
        Table table = tables.get(relation);
        if (table == null) {
            // a new layout takes the place of the table's last one, so that there are never more than tables
            tables.keySet().removeIf(old -> old.oid() == relation.oid());
            table = new Table(relation);
            tables.put(relation, table);
        }
        return table;
    }
}
