package io.pgcdc.sinks.outbox;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.List;
import java.util.regex.Pattern;

/** Where events are found, and what their parts are called. */
public final class OutboxSettings {

    private static final SettingType<String> COLUMN = SettingType.text(
            Pattern.compile("[^\\x00-\\x1f\"]{1,63}"), "a column's name as the catalog holds it, without quotes");

    public static final Setting<TableName> TABLE = Setting.of(
            "outbox_table",
            SettingType.one("table", "schema.table", TableName::parse),
            new TableName("event_driven", "event_outbox"),
            "Table of the source whose inserted rows are events. All other changes of it, and all of other tables, are passed over.");

    static final Setting<String> MESSAGE_PREFIX = Setting.optional(
            "message_prefix",
            SettingType.text(),
            "Logical messages with this prefix are events, too (`pg_logical_emit_message(true, 'PREFIX', …)`): a JSON object with the columns'"
                    + " names as keys. One without an id has its position for one. No outbox table is needed then.");

    public static final Setting<String> ID =
            Setting.of("id_column", COLUMN, "event_id", "The event's id, unique within the service.");

    public static final Setting<String> TYPE = Setting.of("type_column", COLUMN, "event_type", "The event's type.");

    public static final Setting<String> AGGREGATE =
            Setting.of("aggregate_column", COLUMN, "aggregate_id", "Id of what the event happened to.");

    public static final Setting<String> PAYLOAD = Setting.of(
            "payload_column", COLUMN, "event_data", "The event itself; JSON, of whatever type the column is.");

    public static final List<Setting<?>> ALL = List.of(TABLE, MESSAGE_PREFIX, ID, TYPE, AGGREGATE, PAYLOAD);

    public static final Setting<String> AGGREGATE_TYPE =
            Setting.optional("aggregate_type_column", COLUMN, "Type of what the event happened to.");

    /** For those who send events to places that their types name. */
    public static final List<Setting<?>> ROUTED =
            List.of(TABLE, MESSAGE_PREFIX, ID, TYPE, AGGREGATE, AGGREGATE_TYPE, PAYLOAD);

    private OutboxSettings() {}
}
