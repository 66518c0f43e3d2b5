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
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Finds the events of an outbox among the changes. For one thread. */
public final class Outbox {

    private static final int ID = 0;
    private static final int AGGREGATE = 1;

    private static final byte[] NONE = {};

    private final String sink;
    private final TableName table;
    private final boolean existingRows;
    private final @Nullable String prefix;

    /** Names of the columns that are read: id, aggregate, perhaps the two types, payload. Also the keys of a message. */
    private final List<String> names;

    /** Indexes in {@link #names}; -1 if the sink does not read that part. */
    private final int type;

    private final int aggregateType;
    private final int payload;
    private final boolean payloadMayBeNull;

    /** Indexes of those columns in each layout of the table. */
    private final PerLayout<int[]> layouts = new PerLayout<>();

    /**
     * Creates an outbox of whose events each part is read, and has a value.
     *
     * @param sink the sink's name, for messages
     */
    public Outbox(String sink, SettingValues settings) {
        this(sink, settings, Set.of(), false);
    }

    /**
     * Creates an outbox.
     *
     * @param sink the sink's name, for messages
     * @param unread {@link OutboxSettings#TYPE} or {@link OutboxSettings#AGGREGATE_TYPE}, if the sink does not read that part. It need not exist
     * @param payloadMayBeNull false: an event without a payload is refused
     */
    public Outbox(String sink, SettingValues settings, Set<Setting<String>> unread, boolean payloadMayBeNull) {
        this.sink = sink;
        table = settings.get(OutboxSettings.TABLE);
        existingRows = settings.get(OutboxSettings.EXISTING_ROWS);
        prefix = settings.find(OutboxSettings.MESSAGE_PREFIX);
        this.payloadMayBeNull = payloadMayBeNull;
        names = new ArrayList<>();
        names.add(settings.get(OutboxSettings.ID));
        names.add(settings.get(OutboxSettings.AGGREGATE));
        type = add(OutboxSettings.TYPE, settings, unread);
        aggregateType = add(OutboxSettings.AGGREGATE_TYPE, settings, unread);
        payload = names.size();
        names.add(settings.get(OutboxSettings.PAYLOAD)); // the last one: MessageParts takes its value as JSON
    }

    private int add(Setting<String> part, SettingValues settings, Set<Setting<String>> unread) {
        String column = unread.contains(part) ? null : settings.find(part);
        if (column == null) {
            return -1;
        }
        names.add(column);
        return names.size() - 1;
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
            if (row.state(column) == ValueState.TEXT) {
                int offset = row.offset(column);
                parts[i] = Arrays.copyOfRange(row.buffer(column), offset, offset + row.length(column));
            } else if (!mayBeNull(i)) {
                throw refused(change, "its " + names.get(i) + " is null");
            }
        }
        return event(parts[ID], i -> parts[i], true);
    }

    private boolean mayBeNull(int part) {
        return part == payload && payloadMayBeNull;
    }

    private OutboxEvent event(byte[] id, IntFunction<byte @Nullable []> part, boolean fromTable) {
        return new OutboxEvent(
                id, read(part, type), read(part, AGGREGATE), read(part, aggregateType), part.apply(payload), fromTable);
    }

    private static byte[] read(IntFunction<byte @Nullable []> parts, int part) {
        byte[] value = part < 0 ? null : parts.apply(part);
        return value == null ? NONE : value;
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
        byte[] id = parts.get(ID);
        for (int i = ID + 1; i < names.size(); i++) {
            if (parts.get(i) == null && !mayBeNull(i)) {
                throw refused(change, "its content has no key " + names.get(i));
            }
        }
        return event(
                id != null ? id : change.position().toString().getBytes(StandardCharsets.US_ASCII), parts::get, false);
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
