package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.filter.Condition;
import io.pgcdc.sinks.outbox.OutboxSettings;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The settings of an inbox sink. */
final class InboxSettings {

    static final Setting<TableName> TABLE = Setting.of(
            "table",
            TargetSettings.TABLE,
            new TableName("event_driven", "event_inbox"),
            "The inbox table. It has event_type, aggregate_id, event_data, source_service and source_event_id; the last two"
                    + " are unique together. If it has occurred_at of type TIMESTAMPTZ, the sink writes the event's time there.");

    static final Setting<String> SOURCE_SERVICE = Setting.required(
            "source_service",
            SettingType.text(),
            "The name of the service that sends the events, for source_service. Ids of two services may be equal.");

    static final Setting<EventIdentity> IDENTITY = Setting.of(
            "identity",
            SettingType.choice(EventIdentity.class),
            EventIdentity.ID,
            "The value of source_event_id. `id`: the event's id. An event whose id is there with the same content is a repeat, which is"
                    + " skipped; with other content it is refused. `position`: the position of its change, for an outbox whose ids come again"
                    + " (TRUNCATE … RESTART IDENTITY).");

    static final Setting<ServerAddress> PUBLISH_URL = Setting.optional(
            "publish_url",
            ServerUrl.SETTING,
            "The source's database. If set, the sink marks outbox rows once their events are durable in the inbox:"
                    + " status_column becomes `published`, and published_at_column the time. If the target refuses an event, its row's"
                    + " status_column becomes `failed`, until the event is in the inbox.");

    static final Setting<String> STATUS = Setting.of(
            "status_column",
            SettingType.text(),
            "status",
            "The status column, with publish_url. Rows that are not `pending` or `failed` are not marked.");

    static final Setting<String> PUBLISHED_AT = Setting.of(
            "published_at_column", SettingType.text(), "published_at", "The column of the time, with publish_url.");

    static final Setting<String> RETRY = Setting.of(
            "retry_column",
            SettingType.text(),
            "retry_count",
            "The column that counts how often the target refused an event, with publish_url. Used only if the table has it.");

    static final List<Setting<?>> ALL = all();

    private InboxSettings() {}

    private static List<Setting<?>> all() {
        List<Setting<?>> own = new ArrayList<>(List.of(TABLE, SOURCE_SERVICE, IDENTITY));
        own.addAll(OutboxSettings.TIMED);
        own.addAll(List.of(PUBLISH_URL, STATUS, PUBLISHED_AT, RETRY));
        return TargetSettings.with(own);
    }

    static void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {
        Condition where = values.find(OutboxSettings.WHERE);
        if (where != null && where.isAboutChange() && values.isGiven(PUBLISH_URL)) {
            problems.accept(
                    PUBLISH_URL,
                    "marks rows of the outbox, and where names old or kind, so a mark could be an event; remove publish_url, or name only new in where");
        }
        for (Setting<String> setting : List.of(STATUS, PUBLISHED_AT, RETRY)) {
            if (values.isGiven(setting) && !values.isGiven(PUBLISH_URL)) {
                problems.accept(setting, "has no effect without publish_url; write publish_url, or remove it");
            }
        }
    }
}
