package io.pgcdc.json.record;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TruncateView;
import io.pgcdc.model.ValueState;

/**
 * pgcdc's own change record: one JSON object per change, with the names of the change_logs table.
 *
 * <pre>
 *   {"position":"0/1A2B3C8:0","change_type":"UPDATE","schema_name":"s","table_name":"t","record_id":"42",
 *    "old_data":{..}|null,"new_data":{..}|null,"changed_fields":["a"]|null,"unchanged_toast":["b"],
 *    "changed_at":"2026-01-02T03:04:05.678901Z","xid":771,"lsn":"0/1A2B2F0"}
 * </pre>
 *
 * The first eight keys always exist; a value that does not apply is null. {@code unchanged_toast} is left out if empty, {@code xid}
 * for a READ and for a message outside a transaction. At the end, READ has {@code snapshot}: {@code first}, {@code true} or {@code
 * last}. TRUNCATE has {@code cascade} and {@code restart_identity}. MESSAGE has {@code prefix}, {@code content} ({@code
 * content_base64} if it is not UTF-8) and {@code transactional}. RECONCILE exists only in dead letters. Any change has {@code origin} if there is one.
 *
 * <p>Caches data per relation; allocates nothing per change. Belongs to one thread.
 */
public final class NativeFormat {

    private static final byte[] NO_NAMES = NativeTable.noNames(ChangeKind.MESSAGE);
    private static final byte[] OLD_DATA = Ascii.bytes(",\"old_data\":");
    private static final byte[] NEW_DATA = Ascii.bytes(",\"new_data\":");
    private static final byte[] NO_OLD_DATA = Ascii.bytes(",\"old_data\":null,\"new_data\":");
    private static final byte[] NO_ROWS = Ascii.bytes(",\"old_data\":null,\"new_data\":null,\"changed_fields\":null");
    private static final byte[] CHANGED_FIELDS = Ascii.bytes(",\"changed_fields\":");
    private static final byte[] NO_CHANGED_FIELDS = Ascii.bytes(",\"changed_fields\":null");

    private static final byte[] FIRST_READ = Ascii.bytes(",\"snapshot\":\"first\"");
    private static final byte[] READ = Ascii.bytes(",\"snapshot\":\"true\"");
    private static final byte[] LAST_READ = Ascii.bytes(",\"snapshot\":\"last\"");

    private final PerLayout<NativeTable> tables = new PerLayout<>();
    private final NativeTransaction transaction = new NativeTransaction();

    /**
     * Appends the record of one change, without a line end. The record contains no newline.
     *
     * @throws DecodeException if a value's text does not fit its type; {@code out} is then unchanged
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
        NativeTable table = relation == null ? null : table(relation);
        transaction.of(change);

        MessageView message = change.message();
        if (table == null && message == null) {
            throw new IllegalStateException(
                    "the native format has no record for a " + change.kind() + " without a table");
        }
        transaction.appendHead(out);
        PositionText.appendPlace(change, out);
        if (table == null) {
            out.append(NO_NAMES);
        } else {
            out.append(table.names(change.kind()));
            table.recordId.append(change, out);
        }
        RowChange row = change.row();
        if (table == null || row == null) {
            out.append(NO_ROWS);
        } else {
            appendRow(row, table.rows, out);
        }
        transaction.appendTail(out);
        out.appendLsn(change.lsn()).appendByte('"');
        SnapshotPlace snapshot = change.snapshot();
        if (snapshot != null) {
            out.append(snapshot(snapshot));
        }
        TruncateView truncate = change.truncate();
        if (truncate != null) {
            appendFlag(",\"cascade\":", truncate.cascade(), out);
            appendFlag(",\"restart_identity\":", truncate.restartIdentity(), out);
        }
        if (message != null) {
            appendMessage(message, out);
        }
        String origin = change.origin();
        if (origin != null) {
            out.appendAscii(",\"origin\":").appendString(origin);
        }
        out.appendByte('}');
    }

    private static byte[] snapshot(SnapshotPlace place) {
        return switch (place) {
            case FIRST -> FIRST_READ;
            case LAST -> LAST_READ;
            case FIRST_OF_TABLE, INSIDE, LAST_OF_TABLE, INCREMENTAL -> READ;
        };
    }

    private static void appendRow(RowChange row, RowEncoder encoder, JsonBuffer out) {
        boolean unchangedToast = appendRows(row, encoder, out);
        appendChangedFields(row, encoder, out);
        RowView after = row.newRow();
        if (unchangedToast && after != null) {
            appendUnchangedToast(after, encoder, out);
        }
    }

    /** Returns whether the new row lacks a value as UNCHANGED_TOAST. */
    private static boolean appendRows(RowChange row, RowEncoder encoder, JsonBuffer out) {
        RowView before = row.oldRow();
        if (before == null) {
            out.append(NO_OLD_DATA);
        } else {
            encoder.append(before, out.append(OLD_DATA));
            out.append(NEW_DATA);
        }
        RowView after = row.newRow();
        if (after == null) {
            out.append(Ascii.NULL);
            return false;
        }
        return before == null ? encoder.append(after, out) : encoder.appendAfterOld(row, after, out);
    }

    private static void appendChangedFields(RowChange row, RowEncoder encoder, JsonBuffer out) {
        if (!row.changedFieldsKnown()) {
            out.append(NO_CHANGED_FIELDS);
            return;
        }
        out.append(CHANGED_FIELDS);
        int before = '[';
        for (int i = 0; i < encoder.columnCount(); i++) {
            if (row.isChanged(i)) {
                out.appendByte(before);
                encoder.appendName(i, out);
                before = ',';
            }
        }
        if (before == '[') {
            out.appendByte('[');
        }
        out.appendByte(']');
    }

    private static void appendUnchangedToast(RowView row, RowEncoder encoder, JsonBuffer out) {
        boolean any = false;
        for (int i = 0; i < encoder.columnCount(); i++) {
            if (row.state(i) == ValueState.UNCHANGED_TOAST) {
                out.appendAscii(any ? "," : ",\"unchanged_toast\":[");
                encoder.appendName(i, out);
                any = true;
            }
        }
        out.appendByte(']');
    }

    private static void appendMessage(MessageView message, JsonBuffer out) {
        MessageContent.append(message, out.appendByte(','));
    }

    private static void appendFlag(String key, boolean value, JsonBuffer out) {
        out.appendAscii(key).append(value ? Ascii.TRUE : Ascii.FALSE);
    }

    private NativeTable table(Relation relation) {
        NativeTable table = tables.find(relation);
        if (table == null) {
            table = new NativeTable(relation);
            tables.put(relation, table);
        }
        return table;
    }
}
