package io.pgcdc.sinks.outbox;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.TableName;
import io.pgcdc.model.ValueState;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the events of an outbox among the changes. For one thread. */
public final class Outbox {

    /** Index of the aggregate's type in {@link #names}, if the settings name a column for it. */
    private static final int AGGREGATE_TYPE = 3;

    private static final byte[] NONE = {};

    private final String sink;
    private final TableName table;
    private final boolean existingRows;
    private final boolean takesNull;
    private final @Nullable String prefix;

    /** Names of the columns: id, type, aggregate, the aggregate's type if configured, payload. Also the keys of a message. */
    private final List<String> names;

    /** Indexes of those columns in each layout of the table. */
    private final PerLayout<int[]> layouts = new PerLayout<>();

    /**
     * Creates an outbox.
     *
     * @param sink the sink's name, for messages
     * @param takesNull true if a row whose payload is null is an event; false if it is refused
     */
    public Outbox(String sink, SettingValues settings, boolean takesNull) {
        this.sink = sink;
        this.takesNull = takesNull;
        table = settings.get(OutboxSettings.TABLE);
        existingRows = settings.get(OutboxSettings.EXISTING_ROWS);
        prefix = settings.find(OutboxSettings.MESSAGE_PREFIX);
        String aggregateType = settings.find(OutboxSettings.AGGREGATE_TYPE);
        names = Stream.of(
                        settings.get(OutboxSettings.ID),
                        settings.get(OutboxSettings.TYPE),
                        settings.get(OutboxSettings.AGGREGATE),
                        aggregateType,
                        settings.get(OutboxSettings.PAYLOAD))
                .filter(Objects::nonNull)
                .toList();
    }

    public TableName table() {
        return table;
    }

    /**
     * Returns the event that the change contains, or null if it contains none.
     *
     * @throws RefusedChangeException if the change must be an event but lacks a part
     * @throws SinkException TARGET_MISFIT if the table lacks a column that the settings name
     */
    public @Nullable OutboxEvent event(Change change) {
        return switch (change.kind()) {
            case INSERT -> newRow(change);
            case READ -> existingRows ? newRow(change) : null;
            case MESSAGE -> written(change);
            case UPDATE, DELETE, TRUNCATE -> null;
            case SCHEMA, RECONCILE -> throw new IllegalStateException("no rule for the event of a " + change.kind());
        };
    }

    private @Nullable OutboxEvent newRow(Change change) {
        Relation relation = change.relation();
        RowChange row = change.row();
        RowView after = row == null ? null : row.newRow();
        return relation == null || after == null || !isOutbox(relation) ? null : ofRow(change, relation, after);
    }

    private @Nullable OutboxEvent written(Change change) {
        MessageView message = change.message();
        return message == null || !message.prefix().equals(prefix) ? null : ofMessage(change, message);
    }

    private boolean isOutbox(Relation relation) {
        return relation.name().equals(table.name()) && relation.schema().equals(table.schema());
    }

    private OutboxEvent ofRow(Change change, Relation relation, RowView row) {
        int[] columns = layouts.find(relation);
        if (columns == null) {
            columns = layout(relation);
            layouts.put(relation, columns);
        }
        byte[][] parts = new byte[columns.length][];
        for (int i = 0; i < parts.length; i++) {
            int column = columns[i];
            if (takesNull && i == parts.length - 1 && row.state(column) == ValueState.NULL) {
                continue;
            }
            if (row.state(column) != ValueState.TEXT) {
                throw refused(change, "its " + names.get(i) + " is null");
            }
            int offset = row.offset(column);
            parts[i] = Arrays.copyOfRange(row.buffer(column), offset, offset + row.length(column));
        }
        return event(parts[0], i -> parts[i], true);
    }

    private OutboxEvent event(byte[] id, IntFunction<byte[]> part, boolean fromTable) {
        int last = names.size() - 1;
        byte[] aggregateType = last == AGGREGATE_TYPE ? NONE : part.apply(AGGREGATE_TYPE);
        return new OutboxEvent(id, part.apply(1), part.apply(2), aggregateType, part.apply(last), fromTable);
    }

    private int[] layout(Relation relation) {
        List<String> columns = relation.columns().stream().map(c -> c.name()).toList();
        return names.stream()
                .mapToInt(name -> {
                    int at = columns.indexOf(name);
                    if (at < 0) {
                        throw new SinkException(
                                ErrorCode.TARGET_MISFIT,
                                "sink \"" + sink + "\": outbox table " + table + " of the source has no column " + name
                                        + ". Correct the setting that names it: id_column, type_column, aggregate_column,"
                                        + " aggregate_type_column or payload_column.");
                    }
                    return at;
                })
                .toArray();
    }

    private OutboxEvent ofMessage(Change change, MessageView message) {
        MessageParts parts = MessageParts.read(message, names);
        if (parts == null) {
            throw refused(change, "its content is not a JSON object");
        }
        byte[] id = parts.get(0);
        for (int i = 1; i < names.size(); i++) {
            if (parts.get(i) == null) {
                throw refused(change, "its content has no key " + names.get(i));
            }
        }
        return event(
                id != null ? id : change.position().toString().getBytes(StandardCharsets.US_ASCII),
                parts::require,
                false);
    }

    private RefusedChangeException refused(Change change, String why) {
        return new RefusedChangeException(
                change.position(),
                "sink \"" + sink + "\": "
                        + (change.kind() == ChangeKind.MESSAGE ? "the message" : "the row of " + table) + " at "
                        + change.position() + " is not an event: " + why
                        + ". Correct the program that writes them. To move this one to the dead-letter file, write dead_letter: true.",
                null);
    }
}
