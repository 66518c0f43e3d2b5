package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Settings that stand together in a file, for the reference.
 *
 * @param name the key above them: {@code source}; a sink's type; empty for the top of the file
 * @param title in Markdown
 */
record ReferenceSection(String name, String title, List<Setting<?>> settings) {

    /** Returns all sections, in the reference's order. */
    static List<ReferenceSection> of(Collection<SinkProvider> providers) {
        List<ReferenceSection> all = new ArrayList<>(List.of(
                new ReferenceSection("source", "`source:` the database to read from", SourceSettings.ALL),
                new ReferenceSection("queue", "`queue:` the local queue", QueueSettings.ALL),
                new ReferenceSection(
                        "snapshot",
                        "`snapshot:` the rows that exist; `snapshot: initial` is short for its mode",
                        SnapshotSettings.ALL),
                new ReferenceSection(
                        "http",
                        "`http:` console, change feed, metrics, health and status; `http: HOST:PORT` is short for `listen`",
                        HttpSettings.ALL),
                new ReferenceSection("", "At the top of the file", PipelineSettings.ALL),
                new ReferenceSection("sinks", "`sinks:` a list; every sink has", SinkSettings.ALL)));
        providers.stream()
                .sorted(Comparator.comparing(SinkProvider::type))
                .forEach(provider -> ofType(provider.type(), provider.settings(), all));
        return all;
    }

    private static void ofType(String type, List<Setting<?>> settings, List<ReferenceSection> all) {
        all.add(new ReferenceSection(type, "Sinks of `type: " + type + "`", settings));
        for (Setting<?> setting : settings) {
            if (setting.type().shape() == SettingType.Shape.SECTIONS) {
                all.add(new ReferenceSection(
                        type + "." + setting.key(),
                        "`" + setting.key() + ":` of `type: " + type + "`, a list; each element has",
                        setting.type().settings()));
            }
        }
    }

    /** Returns the setting's full name: {@code queue.dir}, {@code kafka.format}, {@code name}. */
    String path(Setting<?> setting) {
        return name.isEmpty() ? setting.key() : name + "." + setting.key();
    }
}
