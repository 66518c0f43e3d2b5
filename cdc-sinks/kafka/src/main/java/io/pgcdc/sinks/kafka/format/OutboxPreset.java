package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.util.Map;

/** The choices of {@code outbox_preset}: sets of defaults. A setting that the user gives overrides them. */
public enum OutboxPreset {
    /** The defaults of the settings: table {@code event_driven.event_outbox}, topics by event type. */
    EVENT_OUTBOX,
    /** The defaults of Debezium's event router, topics by aggregate type. */
    DEBEZIUM;

    /** Its own class, because {@link FormatSettings} needs the constants above while it is initialized. */
    private static final class OfDebezium {

        private static final SettingValues VALUES = new SettingValues(Map.of(
                OutboxSettings.TABLE.key(), new TableName("public", "outboxevent"),
                OutboxSettings.ID.key(), "id",
                OutboxSettings.TYPE.key(), "type",
                OutboxSettings.AGGREGATE.key(), "aggregateid",
                OutboxSettings.AGGREGATE_TYPE.key(), "aggregatetype",
                OutboxSettings.PAYLOAD.key(), "payload",
                FormatSettings.NULL_PAYLOAD.key(), NullPayload.TOMBSTONE,
                FormatSettings.EVENT_TOPIC.key(), TopicTemplate.parseOfEvents("outbox.event.${aggregate_type}")));
    }

    /** Returns these defaults, overridden by the given settings. */
    SettingValues under(SettingValues given) {
        return switch (this) {
            case EVENT_OUTBOX -> given;
            case DEBEZIUM -> OfDebezium.VALUES.and(given);
        };
    }
}
