package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.util.List;
import java.util.function.BiConsumer;

/** Creates sinks that write each change as a row of a change_logs table, exactly once. */
public final class ChangeLogSinkProvider implements SinkProvider {

    @Override
    public String type() {
        return "change_logs";
    }

    @Override
    public List<Setting<?>> settings() {
        return ChangeLogSettings.ALL;
    }

    @Override
    public void check(SettingValues settings, BiConsumer<Setting<?>, String> problems) {
        ChangeLogSettings.check(settings, problems);
    }

    @Override
    public Sink create(SinkContext context, SettingValues settings) {
        return TargetSettings.sink(context.name(), settings, new ChangeLogApplier(context, settings), false);
    }
}
