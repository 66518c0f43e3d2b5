package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ColumnName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.List;

/** What records look like, and where they go. */
public final class FormatSettings {

    public static final Setting<FormatChoice> FORMAT = Setting.of(
            "format",
            SettingType.choice(FormatChoice.class),
            FormatChoice.NATIVE,
            "`native`: the record that stdout writes, one JSON object a change. `debezium`: what Debezium's PostgreSQL connector writes, in JSON."
                    + " `cloudevents`: the native record in an event of CloudEvents 1.0."
                    + " `avro`: the native record's names and columns of their types, in Avro with a schema registry."
                    + " `outbox`: the payload alone of events, as an outbox table's"
                    + " rows or messages carry them; of other changes nothing.");

    public static final Setting<String> PREFIX = Setting.optional(
            "prefix",
            TopicTemplate.NAME,
            "What `${prefix}` in names of topics stands for; under `format: debezium` its `topic.prefix`.");

    static final Setting<TopicTemplate> TOPIC = Setting.of(
            "topic",
            SettingType.one("name of topics", TopicTemplate.FORM, TopicTemplate::parse),
            TopicTemplate.parse("${prefix}.${schema}.${table}"),
            "Topic of a table's changes. A name without any `${…}` is one topic for all. A character of a table's name that no topic may have"
                    + " becomes `_`.");

    static final Setting<List<TopicRule>> TOPIC_RULES = Setting.of(
            "topic_rules",
            SettingType.list(SettingType.one("rule", TopicRule.FORM, TopicRule::parse)),
            List.of(),
            "Topics of certain tables; the first rule that fits counts, and `topic` where none does.");

    static final Setting<String> MESSAGE_TOPIC = Setting.optional(
            "message_topic",
            TopicTemplate.NAME,
            "Topic of logical messages, with their prefix as key. Without it they are passed over; `format: debezium` sends them to"
                    + " `PREFIX.message`.");

    static final Setting<String> TRANSACTION_TOPIC = Setting.optional(
            "transaction_topic",
            TopicTemplate.NAME,
            "Topic of where transactions begin and end: a record with status BEGIN, and one with status END, the number of records, and that of"
                    + " each table. Under `format: debezium` as with its `provide.transaction.metadata`; its own name for it is"
                    + " `PREFIX.transaction`.");

    static final Setting<List<ChangeKind>> SKIP = Setting.of(
            "skip",
            SettingType.list(SettingType.choice(ChangeKind.delivered())),
            List.of(),
            "Kinds of changes that are passed over. `format: debezium` passes `truncate` over, as Debezium does; `skip: []` sends it.");

    static final Setting<List<ColumnName>> KEY_COLUMNS = Setting.of(
            "key_columns",
            SettingType.list(SettingType.one("column", "schema.table.column", ColumnName::parse)),
            List.of(),
            "Columns that make the key instead of the row's own, of those tables that are named here.");

    static final Setting<NullKey> NULL_KEY = Setting.of(
            "null_key",
            SettingType.choice(NullKey.class),
            NullKey.KEEP,
            "Where a row has no key (no primary key; a TRUNCATE). `keep`: the record has none, and all such of a table go to one partition, in"
                    + " order. `table`: the table's name is the key. `refuse`: the change is refused, but for a TRUNCATE, which has no key.");

    static final Setting<Boolean> TOMBSTONES = Setting.of(
            "tombstones",
            SettingType.bool(),
            true,
            "Behind each DELETE a record with the same key and no value, so that compaction removes the key.");

    static final Setting<Boolean> HEADERS = Setting.of(
            "headers",
            SettingType.bool(),
            true,
            "Headers position, xid, lsn, change_type, schema and table, as text. Under `format: debezium` and `cloudevents` only when this is"
                    + " `true`; an outbox's events have `id` alone.");

    static final Setting<TopicTemplate> EVENT_TOPIC = Setting.of(
            "event_topic",
            SettingType.one("name of topics", TopicTemplate.EVENT_FORM, TopicTemplate::parseOfEvents),
            TopicTemplate.parseOfEvents("outbox.event.${event_type}"),
            "Topic of an outbox's events.");

    static final Setting<OutboxPreset> PRESET = Setting.of(
            "outbox_preset",
            SettingType.choice(OutboxPreset.class),
            OutboxPreset.EVENT_OUTBOX,
            "Names of an outbox's table, columns and topics where they are not given. `event_outbox`: the defaults below. `debezium`:"
                    + " `public.outboxevent` with `id`, `aggregatetype`, `aggregateid`, `type`, `payload`, and topics"
                    + " `outbox.event.${aggregate_type}`.");

    /** Those that an outbox's events have nothing of. */
    static final List<Setting<?>> OF_CHANGES =
            List.of(TOPIC, TOPIC_RULES, MESSAGE_TOPIC, TRANSACTION_TOPIC, KEY_COLUMNS, SKIP);

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
                PRESET,
                EVENT_TOPIC));
        all.addAll(DebeziumSettings.ALL);
        all.addAll(CloudEventSettings.ALL);
        all.addAll(AvroSettings.ALL);
        return List.copyOf(all);
    }
}
