package io.pgcdc.sinks.stdout;

import io.pgcdc.error.Printable;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.RecordId;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.TruncateView;
import io.pgcdc.model.ValueState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Writes one short line per change, cut to the terminal's width: the kind of change, the table, the row's id, and the values. It is for
 * people, so it may allocate. Programs read JSON.
 */
final class CompactFormat implements LineFormat {

    private static final int LONGEST_VALUE = 24;
    private static final int KIND_WIDTH = 8;
    private static final String ELLIPSIS = "…";
    private static final String RESET = "\u001B[0m";
    private static final String DIM = "\u001B[2m";

    private final boolean color;
    private final int columns;
    private final JsonBuffer recordId = new JsonBuffer();

    CompactFormat(boolean color, int columns) {
        this.color = color;
        this.columns = columns;
    }

    @Override
    public void append(Change change, JsonBuffer out) {
        String kind = String.format("%-" + KIND_WIDTH + "s ", change.kind());
        String where = Printable.line(where(change)) + " ";
        String rest = cut(Printable.line(details(change)), Math.max(0, columns - kind.length() - where.length()));
        String ofKind = colorOf(change.kind());
        String line = color ? ofKind + kind + RESET + where + DIM + rest + RESET : kind + where + rest;
        byte[] bytes = line.stripTrailing().getBytes(StandardCharsets.UTF_8);
        out.append(bytes, 0, bytes.length);
    }

    private static String colorOf(ChangeKind kind) {
        return switch (kind) {
            case INSERT -> "\u001B[32m";
            case UPDATE -> "\u001B[33m";
            case DELETE -> "\u001B[31m";
            case TRUNCATE -> "\u001B[35m";
            case MESSAGE -> "\u001B[36m";
            case READ -> "\u001B[34m";
            case SCHEMA, RECONCILE -> throw new IllegalStateException("the compact format has no line for a " + kind);
        };
    }

    private String where(Change change) {
        Relation relation = change.relation();
        if (relation == null) {
            MessageView message = change.message();
            return message == null ? "" : message.prefix();
        }
        recordId.clear();
        boolean known = relation.recordIdColumns() != null
                && change.kind() != ChangeKind.TRUNCATE
                && new RecordId(relation).appendText(change, recordId);
        String id = known ? " " + new String(recordId.array(), 0, recordId.length(), StandardCharsets.UTF_8) : "";
        return relation.qualifiedName() + cut(id, LONGEST_VALUE);
    }

    private static String details(Change change) {
        MessageView message = change.message();
        if (message != null) {
            return new String(message.buffer(), message.offset(), message.length(), StandardCharsets.UTF_8);
        }
        TruncateView truncate = change.truncate();
        if (truncate != null) {
            return (truncate.cascade() ? "cascade " : "") + (truncate.restartIdentity() ? "restart identity" : "");
        }
        Relation relation = change.relation();
        RowChange row = change.row();
        return relation == null || row == null ? "" : rows(relation, row);
    }

    private static String rows(Relation relation, RowChange row) {
        RowView newRow = row.newRow();
        RowView oldRow = row.oldRow();
        if (newRow != null && oldRow != null) {
            return differences(row, relation, oldRow, newRow);
        }
        RowView only = newRow != null ? newRow : oldRow;
        return only == null ? "" : values(relation, only);
    }

    private static String values(Relation relation, RowView row) {
        StringJoiner text = new StringJoiner("  ");
        List<Column> all = relation.columns();
        List<Integer> shown = relation.recordIdColumns(); // in front of the values
        for (int i = 0; i < all.size(); i++) {
            boolean known = row.state(i) != ValueState.NOT_SENT && row.state(i) != ValueState.NULL;
            if (known && (shown == null || !shown.contains(i))) {
                text.add(all.get(i).name() + "=" + value(row, i));
            }
        }
        return text.toString();
    }

    private static String differences(RowChange row, Relation relation, RowView oldRow, RowView newRow) {
        StringJoiner text = new StringJoiner("  ");
        List<Column> all = relation.columns();
        for (int i = 0; i < all.size(); i++) {
            boolean differs = row.changedFieldsKnown() ? row.isChanged(i) : oldRow.state(i) != ValueState.NOT_SENT;
            if (differs) {
                text.add(all.get(i).name() + ": " + value(oldRow, i) + " → " + value(newRow, i));
            }
        }
        return text.toString();
    }

    private static String value(RowView row, int column) {
        return switch (row.state(column)) {
            case NULL, NOT_SENT -> "null";
            case UNCHANGED_TOAST -> "(unchanged)";
            case TEXT -> cut(row.text(column), LONGEST_VALUE);
        };
    }

    private static String cut(@Nullable String text, int width) {
        if (text == null || text.length() <= width) {
            return text == null ? "" : text;
        }
        return width <= 1
                ? ""
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, width - 1))) + ELLIPSIS;
    }
}
