package io.pgcdc.sinks.outbox;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.filter.Condition;
import java.util.List;
import java.util.regex.Pattern;

/** Settings of the outbox: its table, and the names of an event's parts. */
public final class OutboxSettings {

    private static final SettingType<String> COLUMN = SettingType.text(
            Pattern.compile("[^\\x00-\\x1f\"]{1,63}"), "a column's name as the catalog has it, without quotes");

    public static final Setting<TableName> TABLE = Setting.of(
            "outbox_table",
            SettingType.one("table", "schema.table", TableName::parse),
            new TableName("event_driven", "event_outbox"),
            "The source's table whose inserted rows are events. Other changes of it (but see where), and changes of other tables, are skipped.");

    static final Setting<Boolean> EXISTING_ROWS = Setting.of(
            "existing_rows",
            SettingType.bool(),
            false,
            "Rows of the outbox table that a snapshot reads are also events, whether they were published before or not. A row"
                    + " filter of the publication can leave some out.");

    public static final Setting<Condition> WHERE = Setting.optional(
            "where",
            Condition.SETTING,
            "Which inserted rows of the outbox table are events, as a condition in CEL: `new.event_type != 'Internal'`. If the condition names"
                    + " `old` or `kind`, updated rows that meet it are events, too: `new.status == 'executing' && (old == null ||"
                    + " old.status != 'executing')`. `old` needs REPLICA IDENTITY FULL. Logical messages are not asked.");

    static final Setting<String> MESSAGE_PREFIX = Setting.optional(
            "message_prefix",
            SettingType.text(),
            "Logical messages with this prefix are also events (`pg_logical_emit_message(true, 'PREFIX', …)`): a JSON object"
                    + " with the columns' names as keys. If a message has no id, its position is the id. Messages need no outbox table.");

    public static final Setting<String> ID =
            Setting.of("id_column", COLUMN, "event_id", "The event's id, unique within the service.");

    public static final Setting<String> TYPE = Setting.of("type_column", COLUMN, "event_type", "The event's type.");

    public static final Setting<String> AGGREGATE =
            Setting.of("aggregate_column", COLUMN, "aggregate_id", "The id of the event's aggregate.");

    public static final Setting<String> PAYLOAD = Setting.of(
            "payload_column", COLUMN, "event_data", "The event itself, as JSON. The column may have any type.");

    public static final Setting<String> TIME = Setting.optional(
            "time_column",
            COLUMN,
            "The event's own time, such as `created_at`: a timestamp, or a text in the form of ISO 8601. Without an offset it is in UTC. If"
                    + " not set, or if an event has none, its time is that of the commit.");

    /** All settings of the outbox, for sinks that write the event's time. */
    public static final List<Setting<?>> TIMED =
            List.of(TABLE, WHERE, EXISTING_ROWS, MESSAGE_PREFIX, ID, TYPE, AGGREGATE, PAYLOAD, TIME);

    public static final Setting<String> AGGREGATE_TYPE =
            Setting.optional("aggregate_type_column", COLUMN, "The type of the event's aggregate.");

    /** All settings of the outbox, for sinks that route events by the aggregate's type. */
    public static final List<Setting<?>> ROUTED =
            List.of(TABLE, WHERE, EXISTING_ROWS, MESSAGE_PREFIX, ID, TYPE, AGGREGATE, AGGREGATE_TYPE, PAYLOAD);

    private OutboxSettings() {}
}
