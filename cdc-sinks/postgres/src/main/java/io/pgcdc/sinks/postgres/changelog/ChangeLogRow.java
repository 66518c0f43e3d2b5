package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.MessageContent;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.postgres.transaction.BinaryCopy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a change as a row of the table, in COPY's binary form. For one thread. */
final class ChangeLogRow {

    private static final byte[] EMPTY = {};
    private static final int JSONB_VERSION = 1;
    private static final int TEXT_OID = 25;
    private static final long MICROS_TO_2000 = 946_684_800_000_000L;

    private final String sink;
    private final String table;
    private final ChangeLogShape shape;
    private final boolean qualifiedNames;
    private final boolean map;
    private final int sourceId;
    private final List<String> columns;
    private final boolean oldIsJsonb;
    private final boolean newIsJsonb;
    private final PerLayout<LoggedTable> tables = new PerLayout<>();
    private final JsonBuffer recordId = new JsonBuffer();

    /**
     * Creates the writer of rows.
     *
     * @param table the table's name, for messages
     * @param map true for when_unfit: map
     * @param sourceId the value of source_id
     */
    ChangeLogRow(String sink, String table, ChangeLogShape shape, boolean qualifiedNames, boolean map, int sourceId) {
        this.sink = sink;
        this.table = table;
        this.shape = shape;
        this.qualifiedNames = qualifiedNames;
        this.map = map;
        this.sourceId = sourceId;
        this.columns = shape.columns();
        this.oldIsJsonb = shape.isJsonb("old_data");
        this.newIsJsonb = shape.isJsonb("new_data");
    }

    /**
     * Appends a change as a row to {@code out}. After an error, {@code out} is unchanged.
     *
     * @return false if the settings skip the change
     * @throws RefusedChangeException if the change does not fit in the table
     */
    boolean append(Change change, JsonBuffer out) {
        RowKind kind = kind(change);
        if (kind == null) {
            return false;
        }
        int start = out.length();
        try {
            BinaryCopy.startRow(out, columns.size());
            Relation relation = change.relation();
            if (relation == null) {
                appendMessage(change, kind, out);
            } else {
                appendChange(change, kind, table(relation), out);
            }
            appendPlace(change, out);
            return true;
        } catch (RuntimeException e) {
            out.truncate(start);
            throw e;
        }
    }

    /** Returns the row's change_type, or null if the settings skip the change. */
    private @Nullable RowKind kind(Change change) {
        RowKind kind = RowKind.of(change.kind());
        if (shape.allows(kind)) {
            return kind;
        }
        RowKind other = switch (kind) {
            case READ -> RowKind.INSERT;
            case TRUNCATE -> RowKind.DELETE;
            default -> null;
        };
        if (map && kind == RowKind.MESSAGE) {
            return null;
        }
        if (map && other != null && shape.allows(other)) {
            return other;
        }
        throw unfit(change, "its check constraint does not allow change_type " + kind);
    }

    private void appendMessage(Change change, RowKind kind, JsonBuffer out) {
        MessageView message = change.message();
        if (message == null) {
            throw new IllegalStateException("neither table nor message");
        }
        BinaryCopy.field(out, fitting(change, "table_name", message.prefix().getBytes(StandardCharsets.UTF_8)));
        appendRecordId(change, false, out);
        BinaryCopy.field(out, kind.text());
        BinaryCopy.nullField(out);
        int field = startJson(newIsJsonb, out);
        MessageContent.append(message, out.appendByte('{'));
        out.appendByte('}');
        BinaryCopy.endField(out, field);
        BinaryCopy.nullField(out);
    }

    private void appendChange(Change change, RowKind kind, LoggedTable logged, JsonBuffer out) {
        if (logged.name.length > shape.limit("table_name")) {
            BinaryCopy.field(
                    out,
                    fitting(
                            change,
                            "table_name",
                            logged.name)); // it has too many bytes, but perhaps not too many characters
        } else {
            BinaryCopy.field(out, logged.name);
        }
        recordId.clear();
        boolean known = logged.recordId.appendText(change, recordId);
        appendRecordId(change, known, out);
        BinaryCopy.field(out, kind.text());
        RowChange row = change.row();
        if (row == null) {
            BinaryCopy.nullField(out);
            BinaryCopy.nullField(out);
            BinaryCopy.nullField(out);
        } else {
            appendRows(row, logged, out);
            appendChangedFields(row, logged, out);
        }
    }

    private void appendRecordId(Change change, boolean known, JsonBuffer out) {
        if (!known) {
            if (!shape.isNotNull("record_id")) {
                BinaryCopy.nullField(out);
            } else if (map) {
                BinaryCopy.field(out, EMPTY);
            } else {
                throw unfit(
                        change, "it has no record_id because the source table has no key, and record_id is NOT NULL");
            }
        } else if (recordId.length() > shape.limit("record_id")) {
            byte[] text = java.util.Arrays.copyOf(recordId.array(), recordId.length());
            BinaryCopy.field(out, fitting(change, "record_id", text));
        } else {
            BinaryCopy.appendInt(out, recordId.length());
            out.append(recordId.array(), 0, recordId.length());
        }
    }

    /** Returns the text, or its hash if it is too long and the settings allow that. Else refuses the change. Never cuts a text. */
    private byte[] fitting(Change change, String column, byte[] utf8) {
        int limit = shape.limit(column);
        int characters = characters(utf8);
        if (characters <= limit) {
            return utf8;
        }
        byte[] hash = hash(utf8);
        if (!map || hash.length > limit) {
            throw unfit(
                    change,
                    "its " + column + " has " + characters + " characters, but the column takes at most " + limit);
        }
        return hash;
    }

    private static int characters(byte[] utf8) {
        int count = 0;
        for (byte b : utf8) {
            if ((b & 0xC0) != 0x80) {
                count++;
            }
        }
        return count;
    }

    private static byte[] hash(byte[] text) {
        try {
            String hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text));
            return ("sha256:" + hex).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private RefusedChangeException unfit(Change change, String why) {
        Relation relation = change.relation();
        return new RefusedChangeException(
                change.position(),
                "sink \"" + sink + "\": " + change.kind() + (relation == null ? "" : " of " + relation.qualifiedName())
                        + " at " + change.position() + " does not fit table " + table + ": " + why
                        + ". Widen the column, or write when_unfit: map, or write dead_letter: true to move such changes to the"
                        + " dead-letter file.",
                null);
    }

    private void appendRows(RowChange row, LoggedTable logged, JsonBuffer out) {
        RowView before = row.oldRow();
        RowView after = row.newRow();
        if (before == null) {
            BinaryCopy.nullField(out);
        } else {
            int field = startJson(oldIsJsonb, out);
            logged.rows.append(before, out);
            BinaryCopy.endField(out, field);
        }
        if (after == null) {
            BinaryCopy.nullField(out);
        } else {
            int field = startJson(newIsJsonb, out);
            if (before == null) {
                logged.rows.append(after, out);
            } else {
                logged.rows.appendAfterOld(row, after, out);
            }
            BinaryCopy.endField(out, field);
        }
    }

    private static int startJson(boolean jsonb, JsonBuffer out) {
        int field = BinaryCopy.startField(out);
        if (jsonb) {
            out.appendByte(JSONB_VERSION);
        }
        return field;
    }

    /** Appends an array of text: dimensions, flag for nulls, element type, length, lower bound, elements. */
    private static void appendChangedFields(RowChange row, LoggedTable logged, JsonBuffer out) {
        if (!row.changedFieldsKnown()) {
            BinaryCopy.nullField(out);
            return;
        }
        int field = BinaryCopy.startField(out);
        BinaryCopy.appendInt(out, 1);
        BinaryCopy.appendInt(out, 0);
        BinaryCopy.appendInt(out, TEXT_OID);
        int length = BinaryCopy.startField(out);
        BinaryCopy.appendInt(out, 1);
        int count = 0;
        for (int i = 0; i < logged.columns.length; i++) {
            if (row.isChanged(i)) {
                BinaryCopy.field(out, logged.columns[i]);
                count++;
            }
        }
        if (count == 0) {
            out.truncate(field);
            BinaryCopy.appendInt(out, 0);
            BinaryCopy.appendInt(out, 0);
            BinaryCopy.appendInt(out, TEXT_OID);
        } else {
            BinaryCopy.setInt(out, length - Integer.BYTES, count);
        }
        BinaryCopy.endField(out, field);
    }

    private void appendPlace(Change change, JsonBuffer out) {
        BinaryCopy.longField(out, change.commitTimeMicros() - MICROS_TO_2000);
        for (int i = ChangeLogShape.REQUIRED_COLUMNS; i < columns.size(); i++) {
            switch (columns.get(i)) {
                case "source_id" -> BinaryCopy.intField(out, sourceId);
                case "epoch" -> BinaryCopy.intField(out, change.epoch());
                case "commit_lsn" -> BinaryCopy.longField(out, change.commitLsn());
                case "ordinal" -> BinaryCopy.longField(out, change.ordinal());
                default -> BinaryCopy.longField(out, Integer.toUnsignedLong(change.xid()));
            }
        }
    }

    private LoggedTable table(Relation relation) {
        LoggedTable known = tables.find(relation);
        if (known == null) {
            known = new LoggedTable(relation, qualifiedNames);
            tables.put(relation, known);
        }
        return known;
    }
}
