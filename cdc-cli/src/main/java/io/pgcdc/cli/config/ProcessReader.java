package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import io.pgcdc.source.SourceSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks the draft of a process, and makes its configuration. For one thread. */
final class ProcessReader {

    private final ProcessDraft draft;
    private final Map<String, SinkProvider> providers;
    private final Environment environment;
    private final Problems problems;

    ProcessReader(ProcessDraft draft, Map<String, SinkProvider> providers, Environment environment, Problems problems) {
        this.draft = draft;
        this.providers = providers;
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * Returns the configuration. All pipelines are checked, even if only one is chosen.
     *
     * @throws io.pgcdc.error.ConfigException with all problems, including earlier ones
     */
    LoadedProcess read() {
        Section http = new Section(
                HttpSettings.ALL,
                draft.http.given,
                new SettingReader(problems).read("http", HttpSettings.ALL, draft.http.given, setting -> {}));
        HttpConfig server = HttpConfig.of(http.values(), environment.directory(), http, problems);
        Map<Draft, LoadedConfig> loaded = new LinkedHashMap<>();
        for (Draft one : draft.pipelines) {
            LoadedConfig config = new PipelineReader(one, providers, environment, problems).read();
            if (config != null) {
                loaded.put(one, config);
            }
        }
        checkApart(loaded.values());
        problems.throwIfAny();
        LoadedConfig chosen = draft.chosen == null ? null : loaded.get(draft.chosen);
        return new LoadedProcess(
                chosen == null ? List.copyOf(loaded.values()) : List.of(chosen), draft.listed, server, http);
    }

    /** Each pipeline has a name, a queue and a slot of its own. */
    private void checkApart(Collection<LoadedConfig> loaded) {
        Map<String, LoadedConfig> names = new HashMap<>();
        Map<String, LoadedConfig> queues = new HashMap<>();
        Map<String, LoadedConfig> slots = new HashMap<>();
        int outputs = 0;
        for (LoadedConfig one : loaded) {
            String name = one.pipeline().name();
            boolean named = one.top().values().isGiven(PipelineSettings.NAME);
            Place slot = one.source().place(SourceSettings.SLOT);
            if (names.putIfAbsent(name, one) != null) {
                twice(
                        named ? one.top().place(PipelineSettings.NAME) : slot,
                        "pipeline name " + SettingReader.quote(name) + " is used twice; "
                                + (named ? "choose another" : "give one of them a name:"));
            }
            String directory =
                    one.pipeline().queue().dir().toAbsolutePath().normalize().toString();
            if (queues.putIfAbsent(directory, one) != null) {
                twice(
                        one.queue().place(QueueSettings.DIR),
                        "queue.dir " + directory + " belongs to another pipeline; choose a directory of its own");
            }
            String key = one.pipeline().source().address().hosts() + "/"
                    + one.pipeline().source().slot();
            if (slots.putIfAbsent(key, one) != null) {
                twice(slot, "source.slot is another pipeline's; choose a slot of its own");
            }
            for (Section sink : one.sinks()) {
                if (StdoutSinkProvider.TYPE.equals(sink.values().find(SinkSettings.TYPE)) && outputs++ > 0) {
                    twice(
                            sink.place(SinkSettings.TYPE),
                            "two sinks write to standard output, where their lines would mix; keep one of type stdout");
                }
            }
        }
    }

    private void twice(Place place, String message) {
        problems.add(ErrorCode.CONFIG_CONFLICT, place, message);
    }
}
