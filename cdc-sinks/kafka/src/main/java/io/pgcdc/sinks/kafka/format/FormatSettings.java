package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ColumnName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.List;

/** Settings of the format of records, and of their topics. */
public final class FormatSettings {

    public static final Setting<FormatChoice> FORMAT = Setting.of(
            "format",
            SettingType.choice(FormatChoice.class),
            FormatChoice.NATIVE,
            "`native`: the record that stdout writes, one JSON object per change. `debezium`: the record of Debezium's"
                    + " PostgreSQL connector, in JSON. `cloudevents`: the native record in a CloudEvents 1.0 event. `avro`: the native"
                    + " record's fields and typed columns, in Avro with a schema registry. `outbox`: only the payloads of events, which"
                    + " are an outbox table's rows or logical messages. Other changes are skipped.");

    public static final Setting<String> PREFIX = Setting.optional(
            "prefix",
            TopicTemplate.NAME,
            "The value of `${prefix}` in names of topics. With `format: debezium`, its `topic.prefix`.");

    static final Setting<TopicTemplate> TOPIC = Setting.of(
            "topic",
            SettingType.one("name of topics", TopicTemplate.FORM, TopicTemplate::parse),
            TopicTemplate.parse("${prefix}.${schema}.${table}"),
            "The topic of a table's changes. A name without `${…}` is one topic for all tables. A character that topics may"
                    + " not have becomes `_`.");

    static final Setting<List<TopicRule>> TOPIC_RULES = Setting.of(
            "topic_rules",
            SettingType.list(SettingType.one("rule", TopicRule.FORM, TopicRule::parse)),
            List.of(),
            "The topics of certain tables. The first matching rule counts; if none matches, `topic` does.");

    static final Setting<String> MESSAGE_TOPIC = Setting.optional(
            "message_topic",
            TopicTemplate.NAME,
            "The topic of logical messages, with their prefix as key. If not set: messages are skipped; `format: debezium`"
                    + " sends them to `PREFIX.message`.");

    static final Setting<String> TRANSACTION_TOPIC = Setting.optional(
            "transaction_topic",
            TopicTemplate.NAME,
            "The topic of transaction boundaries: a record with status BEGIN, and one with status END, the number of records,"
                    + " and the number for each table. With `format: debezium` like its `provide.transaction.metadata`; Debezium's own"
                    + " name is `PREFIX.transaction`.");

    static final Setting<List<ChangeKind>> SKIP = Setting.of(
            "skip",
            SettingType.list(SettingType.choice(ChangeKind.delivered())),
            List.of(),
            "Kinds of changes that the sink skips. `format: debezium` skips `truncate` by default, like Debezium; `skip: []`"
                    + " sends it.");

    static final Setting<List<ColumnName>> KEY_COLUMNS = Setting.of(
            "key_columns",
            SettingType.list(SettingType.one("column", "schema.table.column", ColumnName::parse)),
            List.of(),
            "Columns that are the key instead of the row's own key, for the tables in this list.");

    public static final Setting<NullKey> NULL_KEY = Setting.of(
            "null_key",
            SettingType.choice(NullKey.class),
            NullKey.KEEP,
            "What to do if a change has no key (no primary key; a TRUNCATE). `keep`: the record has no key; those of one"
                    + " table go to one partition, in order. `table`: the table's name is the key. `refuse`: the change is refused,"
                    + " except a TRUNCATE, whose record has no key.");

    static final Setting<Boolean> TOMBSTONES = Setting.of(
            "tombstones",
            SettingType.bool(),
            true,
            "After each DELETE, send a record with the same key and no value, so that compaction removes the key.");

    static final Setting<Boolean> HEADERS = Setting.of(
            "headers",
            SettingType.bool(),
            true,
            "Write the headers position, xid, lsn, change_type, schema and table, as text. With `format: debezium` and"
                    + " `cloudevents` only if this is `true`; an outbox's events have only `id`.");

    public static final Setting<Boolean> KEY_CHANGE_HEADERS = Setting.of(
            "key_change_headers",
            SettingType.bool(),
            true,
            "When an update changes the key, write the other record's key into a header: `__debezium.newkey` and"
                    + " `__debezium.oldkey`. A worker of Kafka Connect with the default `header.converter` stops at such a header if the"
                    + " key's columns have different types.");

    static final Setting<TopicTemplate> EVENT_TOPIC = Setting.of(
            "event_topic",
            SettingType.one("name of topics", TopicTemplate.EVENT_FORM, TopicTemplate::parseOfEvents),
            TopicTemplate.parseOfEvents("outbox.event.${event_type}"),
            "The topic of an outbox's events.");

    static final Setting<NullPayload> NULL_PAYLOAD = Setting.of(
            "null_payload",
            SettingType.choice(NullPayload.class),
            NullPayload.REFUSE,
            "What to do if an outbox's event has no payload. `tombstone`: send a record without a value, as Debezium's event router"
                    + " does. `refuse`: the change is refused.");

    static final Setting<OutboxPreset> PRESET = Setting.of(
            "outbox_preset",
            SettingType.choice(OutboxPreset.class),
            OutboxPreset.EVENT_OUTBOX,
            "Defaults of an outbox's table, columns and topics. `event_outbox`: the defaults below. `debezium`:"
                    + " `public.outboxevent` with `id`, `aggregatetype`, `aggregateid`, `type`, `payload`, topics"
                    + " `outbox.event.${aggregate_type}`, and `null_payload: tombstone`.");

    /** Of {@code format: debezium}: each key and value has its schema. */
    public static final Setting<Boolean> SCHEMAS = DebeziumSettings.SCHEMAS;

    /** Of {@code format: avro}: columns whose values are PostgreSQL's text. */
    public static final Setting<List<ColumnName>> TEXT_COLUMNS = AvroSettings.TEXT_COLUMNS;

    /** Settings that do not apply to an outbox's events. */
    static final List<Setting<?>> OF_CHANGES =
            List.of(TOPIC, TOPIC_RULES, MESSAGE_TOPIC, TRANSACTION_TOPIC, KEY_COLUMNS, SKIP, KEY_CHANGE_HEADERS);

    public static final List<Setting<?>> ALL = all();

    private FormatSettings() {}

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(List.of(
                FORMAT,
                PREFIX,
                TOPIC,
                TOPIC_RULES,
                MESSAGE_TOPIC,
                TRANSACTION_TOPIC,
                KEY_COLUMNS,
                NULL_KEY,
                SKIP,
                TOMBSTONES,
                HEADERS,
                KEY_CHANGE_HEADERS,
                PRESET,
                EVENT_TOPIC,
                NULL_PAYLOAD));
        all.addAll(DebeziumSettings.ALL);
        all.addAll(CloudEventSettings.ALL);
        all.addAll(AvroSettings.ALL);
        return List.copyOf(all);
    }
}
