package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.util.List;
import java.util.function.BiConsumer;

/** Creates sinks that keep rows of the target equal to rows of the source, exactly once. */
public final class ProjectionSinkProvider implements SinkProvider {

    @Override
    public String type() {
        return "projection";
    }

    @Override
    public List<Setting<?>> settings() {
        return ProjectionSettings.ALL;
    }

    @Override
    public void check(SettingValues settings, BiConsumer<Setting<?>, String> problems) {
        ProjectionSettings.check(settings, problems);
    }

    @Override
    public List<TablePattern> tables(SettingValues values) {
        return ProjectionSettings.tables(values);
    }

    @Override
    public Sink create(SinkContext context, SettingValues settings) {
        return TargetSettings.sink(context.name(), settings, new ProjectionApplier(context.name(), settings), true);
    }
}
