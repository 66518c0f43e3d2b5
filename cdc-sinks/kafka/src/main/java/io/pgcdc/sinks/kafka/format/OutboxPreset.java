package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.util.Map;

/** The choices of {@code outbox_preset}: sets of defaults. A setting that the user gives overrides them. */
public enum OutboxPreset {
    /** The defaults of the settings: table {@code event_driven.event_outbox}, topics by event type. */
    EVENT_OUTBOX(Map.of()),
    /** The defaults of Debezium's event router, topics by aggregate type. */
    DEBEZIUM(Map.of(
            OutboxSettings.TABLE.key(), new TableName("public", "outboxevent"),
            OutboxSettings.ID.key(), "id",
            OutboxSettings.TYPE.key(), "type",
            OutboxSettings.AGGREGATE.key(), "aggregateid",
            OutboxSettings.AGGREGATE_TYPE.key(), "aggregatetype",
            OutboxSettings.PAYLOAD.key(), "payload",
            FormatSettings.EVENT_TOPIC.key(), TopicTemplate.parseOfEvents("outbox.event.${aggregate_type}")));

    private final SettingValues values;

    OutboxPreset(Map<String, Object> values) {
        this.values = new SettingValues(values);
    }

    /** Returns these defaults, overridden by the given settings. */
    SettingValues under(SettingValues given) {
        return values.and(given);
    }
}
