package io.pgcdc.cli.config;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.cli.plugin.PluginFolder;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueChecks;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceChecks;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteChecks;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a pipeline's draft against the settings and makes its configuration. */
final class PipelineReader {

    private static final int MS_PER_SECOND = 1_000;

    private final Draft draft;
    private final Environment environment;
    private final AddressReader addresses;
    private final Problems problems;
    private final SettingReader settings;
    private final SinkReader sinkReader;

    PipelineReader(Draft draft, Map<String, SinkProvider> providers, Environment environment, Problems problems) {
        this.draft = draft;
        this.environment = environment;
        this.addresses = new AddressReader(environment, draft.written, problems);
        this.problems = problems;
        this.settings = new SettingReader(problems);
        this.sinkReader = new SinkReader(
                draft, environment, providers, PluginFolder.of(environment.variables()), addresses::read, problems);
    }

    /** Returns null if the pipeline has problems, which are then added. */
    @Nullable
    LoadedConfig read() {
        int before = problems.count();
        Section top = section("", PipelineSettings.ALL, draft.top);
        Section source = section("source", SourceSettings.ALL, draft.source);
        Section queue = section("queue", QueueSettings.ALL, draft.queue);
        Section snapshot = section("snapshot", SnapshotSettings.ALL, draft.snapshot);
        ServerAddress address = address(source);
        SourceChecks.check(source, problems);
        QueueChecks.check(queue, problems);
        List<SinkReader.ReadSink> read = sinkReader.read();
        RouteChecks routes = new RouteChecks(source.values().find(SourceSettings.PUBLICATIONS), problems);
        read.forEach(sink -> routes.check(sink.config().name(), sink.config().route(), sink.section()));
        List<SinkReader.ReadSink> feeds =
                read.stream().filter(SinkReader.ReadSink::isFeed).toList();
        List<SinkReader.ReadSink> sinks =
                read.stream().filter(sink -> !sink.isFeed()).toList();
        checkFeeds(feeds, sinks.isEmpty(), queue);
        if (problems.count() > before || address == null || draft.isBroken()) {
            return null;
        }
        List<SinkConfig> sinkConfigs =
                sinks.stream().map(SinkReader.ReadSink::config).toList();
        return new LoadedConfig(
                new PipelineConfig(
                        PipelineSettings.name(top.values(), source.values()),
                        SourceConfig.of(source.values(), address),
                        QueueConfig.of(queue.values(), environment.directory()),
                        top.values().get(PipelineSettings.MAX_ROW_BYTES),
                        SnapshotConfig.of(
                                snapshot.values(),
                                snapshot.place(SnapshotSettings.MODE).kind() == Place.Kind.FLAG),
                        sinkConfigs,
                        feeds.stream().map(SinkReader.ReadSink::feed).toList()),
                top,
                source,
                queue,
                snapshot,
                sinks.stream().map(SinkReader.ReadSink::section).toList(),
                feeds.stream().map(SinkReader.ReadSink::section).toList());
    }

    /** A feed confirms nothing, and holds back no deletion: the queue must do both without it. */
    private void checkFeeds(List<SinkReader.ReadSink> feeds, boolean alone, Section queue) {
        if (feeds.isEmpty()) {
            return;
        }
        Section first = feeds.get(0).section();
        if (!queue.given().containsKey(QueueSettings.RETAIN_BYTES.key())) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    first.place(SinkSettings.TYPE),
                    "queue.retain_bytes is missing, and a feed's clients get what the queue keeps; write under queue, for example:"
                            + " retain_bytes: 1000000000");
        }
        ConfirmPolicy confirm = queue.values().get(QueueSettings.CONFIRM);
        if (alone && confirm != ConfirmPolicy.QUEUE) {
            problems.add(
                    ErrorCode.CONFIG_CONFLICT,
                    queue.values().isGiven(QueueSettings.CONFIRM)
                            ? queue.place(QueueSettings.CONFIRM)
                            : first.place(SinkSettings.TYPE),
                    "queue.confirm is " + confirm.name().toLowerCase(Locale.ROOT)
                            + ", and feeds, the only sinks, confirm nothing; write under queue: confirm: queue");
        }
    }

    private Section section(String name, List<Setting<?>> known, Draft.GivenSection section) {
        SettingValues values = settings.read(name, known, section.given, setting -> missing(name, setting, section));
        return new Section(known, section.given, values);
    }

    private void missing(String name, Setting<?> setting, Draft.GivenSection section) {
        if (section.broken.contains(setting.key())) {
            return;
        }
        String flag = FlagConfig.FLAGS.get(setting);
        if (!draft.fromFile() && flag != null) {
            problems.add(ErrorCode.CONFIG_MISSING, Place.flag(flag), flag + " is missing; give it, or a file with -c");
            return;
        }
        problems.add(
                ErrorCode.CONFIG_MISSING,
                section.at,
                name + "." + setting.key() + " is missing; write it under " + name + ":"
                        + (flag == null ? "" : ", or give " + flag));
    }

    private @Nullable ServerAddress address(Section source) {
        Given url = source.given().get(SourceSettings.URL.key());
        if (url == null || source.values().find(SourceSettings.URL) == null) {
            return null;
        }
        boolean given = source.values().isGiven(SourceSettings.CONNECT_TIMEOUT_MS);
        String seconds = Long.toString(source.values().get(SourceSettings.CONNECT_TIMEOUT_MS) / MS_PER_SECOND);
        ServerAddress address = addresses.read(url, given ? seconds : null);
        if (address != null) {
            SourceChecks.checkTimeout(source, address, problems);
        }
        return address;
    }
}
