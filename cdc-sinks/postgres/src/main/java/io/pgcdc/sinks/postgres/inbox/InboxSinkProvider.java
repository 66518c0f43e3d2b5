package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.util.List;
import java.util.function.BiConsumer;

/** Creates sinks that write the events of an outbox into an inbox, each event once. */
public final class InboxSinkProvider implements SinkProvider {

    @Override
    public String type() {
        return "inbox";
    }

    @Override
    public List<Setting<?>> settings() {
        return InboxSettings.ALL;
    }

    @Override
    public void check(SettingValues settings, BiConsumer<Setting<?>, String> problems) {
        InboxSettings.check(settings, problems);
    }

    @Override
    public Sink create(SinkContext context, SettingValues settings) {
        return TargetSettings.sink(context.name(), settings, new InboxApplier(context.name(), settings), false);
    }
}
