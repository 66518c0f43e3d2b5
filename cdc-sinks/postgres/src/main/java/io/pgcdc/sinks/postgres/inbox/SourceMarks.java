package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import org.jspecify.annotations.Nullable;

/** The marks that the sink writes into the outbox, with publish_url. For one thread. */
record SourceMarks(PublishedMarks published, FailedMarks failed, OutboxRows rows) {

    /** Returns the marks, or null if publish_url is not set. */
    static @Nullable SourceMarks of(String sink, SettingValues settings, TableName outbox) {
        ServerAddress address = settings.find(InboxSettings.PUBLISH_URL);
        if (address == null) {
            return null;
        }
        OutboxRows rows = new OutboxRows(sink, settings, outbox, address);
        return new SourceMarks(new PublishedMarks(sink, rows), new FailedMarks(sink, rows), rows);
    }
}
