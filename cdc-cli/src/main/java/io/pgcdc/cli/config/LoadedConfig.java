package io.pgcdc.cli.config;

import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;
import java.util.Map;

/** A checked configuration, and beside it where each value came from. */
public record LoadedConfig(PipelineConfig pipeline, Section top, Section source, Section queue, List<Section> sinks) {

    public LoadedConfig {
        sinks = List.copyOf(sinks);
    }

    /** The settings of one place, with what was given and what came out. */
    record Section(List<Setting<?>> settings, Map<String, Given> given, SettingValues values) {

        Section {
            settings = List.copyOf(settings);
            given = Map.copyOf(given);
        }

        Place origin(Setting<?> setting) {
            Given value = given.get(setting.key());
            return value == null ? Place.DEFAULT : value.origin();
        }

        boolean hidden(Setting<?> setting) {
            Given value = given.get(setting.key());
            return setting.secret() || (value != null && value.hidden());
        }
    }
}
