package io.pgcdc.cli.config;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import java.util.List;
import java.util.Map;

/** Two types of sinks that can be configured and never run. */
final class TestSinks {

    enum Format {
        JSON,
        TEXT
    }

    static final Setting<Format> FORMAT =
            Setting.of("format", SettingType.choice(Format.class), Format.JSON, "How a change is written.");
    static final Setting<String> TARGET = Setting.required("target", SettingType.text(), "Where to.");
    static final Setting<String> TOKEN =
            Setting.optional("token", SettingType.text(), "Opens the target.").asSecret();
    static final Setting<Long> MAX_LINES = Setting.of("max_lines", SettingType.number(1, 10), 5L, "Lines | at most.");

    static final Map<String, SinkProvider> ALL =
            Map.of("stdout", provider("stdout", FORMAT), "web", provider("web", TARGET, TOKEN, MAX_LINES));

    private TestSinks() {}

    private static SinkProvider provider(String type, Setting<?>... settings) {
        return new SinkProvider() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public List<Setting<?>> settings() {
                return List.of(settings);
            }

            @Override
            public Sink create(SinkContext context, SettingValues values) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
