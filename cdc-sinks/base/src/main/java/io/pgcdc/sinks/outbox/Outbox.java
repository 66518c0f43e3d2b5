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
import io.pgcdc.sinks.filter.Condition;
import io.pgcdc.sinks.filter.RowCondition;
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
    private final @Nullable Condition where;

    /** Names of the columns that are read: id, aggregate, perhaps the two types and the time, payload. Also the keys of a message. */
    private final List<String> names = new ArrayList<>();

    /** The settings that gave the {@link #names}. */
    private final List<Setting<String>> namedBy = new ArrayList<>();

    /** Indexes in {@link #names}; -1 if the sink does not read that part. */
    private final int type;

    private final int aggregateType;
    private final int time;
    private final int payload;
    private final boolean payloadMayBeNull;

    /** Indexes of those columns in each layout of the table. */
    private final PerLayout<int[]> layouts = new PerLayout<>();

    /** The condition for each layout of the table. */
    private final PerLayout<RowCondition> conditions = new PerLayout<>();

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
        where = settings.find(OutboxSettings.WHERE);
        this.payloadMayBeNull = payloadMayBeNull;
        add(OutboxSettings.ID, settings, unread);
        add(OutboxSettings.AGGREGATE, settings, unread);
        type = add(OutboxSettings.TYPE, settings, unread);
        aggregateType = add(OutboxSettings.AGGREGATE_TYPE, settings, unread);
        time = add(OutboxSettings.TIME, settings, unread);
        payload = add(OutboxSettings.PAYLOAD, settings, unread); // the last one: MessageParts takes its value as JSON
    }

    private int add(Setting<String> part, SettingValues settings, Set<Setting<String>> unread) {
        String column = unread.contains(part) ? null : settings.find(part);
        if (column == null) {
            return -1;
        }
        names.add(column);
        namedBy.add(part);
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
            case UPDATE -> updatesCount() ? newRow(change) : null;
            case DELETE, TRUNCATE -> null;
            case SCHEMA, RECONCILE -> throw new IllegalStateException("no rule for the event of a " + change.kind());
        };
    }

    /**
     * Returns the id of the outbox's row that the change inserts or updates, also if that row is refused as an event. Null if the change cannot
     * be an event, or its row has no id.
     */
    public byte @Nullable [] rowId(Change change) {
        boolean mayBeEvent = switch (change.kind()) {
            case INSERT -> true;
            case READ -> existingRows;
            case UPDATE -> updatesCount();
            case DELETE, TRUNCATE, MESSAGE, SCHEMA, RECONCILE -> false;
        };
        Relation relation = change.relation();
        RowView row = mayBeEvent ? outboxRow(change) : null;
        return relation == null || row == null ? null : value(row, columns(relation)[ID]);
    }

    private @Nullable OutboxEvent newRow(Change change) {
        Relation relation = change.relation();
        RowView row = outboxRow(change);
        if (relation == null || row == null) {
            return null;
        }
        Condition condition = where;
        return condition == null || isMet(change, relation, condition) ? ofRow(change, relation, row) : null;
    }

    /** Returns true if an UPDATE of a row can be an event: the condition tells which one is. */
    private boolean updatesCount() {
        Condition condition = where;
        return condition != null && condition.isAboutChange();
    }

    private boolean isMet(Change change, Relation relation, Condition condition) {
        RowCondition known = conditions.find(relation);
        if (known == null) {
            known = condition.of(relation, sink);
            conditions.put(relation, known);
        }
        return known.isMet(change);
    }

    private @Nullable RowView outboxRow(Change change) {
        Relation relation = change.relation();
        RowChange row = change.row();
        return relation == null || row == null || !isOutbox(relation) ? null : row.newRow();
    }

    private @Nullable OutboxEvent written(Change change) {
        MessageView message = change.message();
        return message == null || !message.prefix().equals(prefix) ? null : ofMessage(change, message);
    }

    private boolean isOutbox(Relation relation) {
        return relation.name().equals(table.name()) && relation.schema().equals(table.schema());
    }

    private OutboxEvent ofRow(Change change, Relation relation, RowView row) {
        int[] columns = columns(relation);
        byte[][] parts = new byte[columns.length][];
        for (int i = 0; i < parts.length; i++) {
            byte[] value = value(row, columns[i]);
            if (value != null) {
                parts[i] = value;
            } else if (row.state(columns[i]) != ValueState.NULL) {
                throw refused(change, "its " + names.get(i) + " was not sent, because the UPDATE did not change it");
            } else if (!mayBeNull(i)) {
                throw refused(change, "its " + names.get(i) + " is null");
            }
        }
        return event(change, parts[ID], i -> parts[i], true);
    }

    private static byte @Nullable [] value(RowView row, int column) {
        if (row.state(column) != ValueState.TEXT) {
            return null;
        }
        int offset = row.offset(column);
        return Arrays.copyOfRange(row.buffer(column), offset, offset + row.length(column));
    }

    private boolean mayBeNull(int part) {
        return part == time || (part == payload && payloadMayBeNull);
    }

    private OutboxEvent event(Change change, byte[] id, IntFunction<byte @Nullable []> parts, boolean fromTable) {
        byte[] at = time < 0 ? null : parts.apply(time);
        if (at != null && !EventTime.isTimestamp(at)) {
            throw refused(
                    change,
                    "its " + names.get(time) + ", which time_column names, is not a timestamp in the form of ISO 8601");
        }
        return new OutboxEvent(
                id,
                read(parts, type),
                read(parts, AGGREGATE),
                read(parts, aggregateType),
                parts.apply(payload),
                at,
                fromTable);
    }

    private static byte[] read(IntFunction<byte @Nullable []> parts, int part) {
        byte[] value = part < 0 ? null : parts.apply(part);
        return value == null ? NONE : value;
    }

    /** Returns the places of the {@link #names} in the table's layout. */
    private int[] columns(Relation relation) {
        int[] columns = layouts.find(relation);
        if (columns == null) {
            columns = new int[names.size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = column(relation, i);
            }
            layouts.put(relation, columns);
        }
        return columns;
    }

    private int column(Relation relation, int part) {
        String name = names.get(part);
        for (int i = 0; i < relation.columns().size(); i++) {
            if (relation.columns().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new SinkException(
                ErrorCode.TARGET_MISFIT,
                "sink \"" + sink + "\": outbox table " + table + " of the source has no column " + name + ". Correct "
                        + namedBy.get(part).key() + " of the sink.");
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
                change,
                id != null ? id : change.position().toString().getBytes(StandardCharsets.US_ASCII),
                parts::get,
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
