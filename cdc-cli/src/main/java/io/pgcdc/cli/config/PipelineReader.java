package io.pgcdc.cli.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.TableName;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a draft against the settings and makes the configuration of it. */
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
        this.addresses = new AddressReader(environment, problems);
        this.problems = problems;
        this.settings = new SettingReader(problems);
        this.sinkReader = new SinkReader(draft, providers, addresses::read, problems);
    }

    /** @throws io.pgcdc.error.ConfigException that lists all problems, those found before among them */
    LoadedConfig read() {
        LoadedConfig.Section top = section("", PipelineSettings.ALL, draft.top);
        LoadedConfig.Section source = section("source", SourceSettings.ALL, draft.source);
        LoadedConfig.Section queue = section("queue", QueueSettings.ALL, draft.queue);
        ServerAddress address = address(source);
        checkSource(source);
        checkQueue(queue);
        List<SinkReader.Sink> sinks = sinkReader.read();
        RouteReader routes = new RouteReader(source.values().find(SourceSettings.PUBLICATIONS), problems);
        sinks.forEach(routes::check);
        problems.throwIfAny();
        if (address == null) {
            throw new IllegalStateException("neither address nor problem");
        }
        List<SinkConfig> sinkConfigs =
                sinks.stream().map(SinkReader.Sink::config).toList();
        return new LoadedConfig(
                new PipelineConfig(
                        source(source.values(), address),
                        queue(queue.values()),
                        top.values().get(PipelineSettings.MAX_ROW_BYTES),
                        sinkConfigs),
                top,
                source,
                queue,
                sinks.stream().map(SinkReader.Sink::section).toList());
    }

    private LoadedConfig.Section section(String name, List<Setting<?>> known, Draft.Section section) {
        SettingValues values = settings.read(name, known, section.given, setting -> missing(name, setting, section));
        return new LoadedConfig.Section(known, section.given, values);
    }

    private void missing(String name, Setting<?> setting, Draft.Section section) {
        if (draft.isBroken(section, setting.key())) {
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

    private @Nullable ServerAddress address(LoadedConfig.Section source) {
        Given url = source.given().get(SourceSettings.URL.key());
        if (url == null || source.values().find(SourceSettings.URL) == null) {
            return null;
        }
        boolean given = source.values().isGiven(SourceSettings.CONNECT_TIMEOUT_MS);
        String seconds = Long.toString(source.values().get(SourceSettings.CONNECT_TIMEOUT_MS) / MS_PER_SECOND);
        ServerAddress address = addresses.read(url, given ? seconds : null);
        if (given
                && address != null
                && !seconds.equals(address.parameters().get(ConnectionParameter.CONNECT_TIMEOUT))) {
            conflict(
                    source,
                    SourceSettings.CONNECT_TIMEOUT_MS,
                    "source.connect_timeout_ms and connect_timeout in the URL exclude each other; leave one out");
        }
        return address;
    }

    private void checkSource(LoadedConfig.Section source) {
        SettingValues values = source.values();
        if (values.get(SourceSettings.RECEIVE_TIMEOUT_MS) <= values.get(SourceSettings.STATUS_INTERVAL_MS)) {
            Setting<?> given = values.isGiven(SourceSettings.RECEIVE_TIMEOUT_MS)
                    ? SourceSettings.RECEIVE_TIMEOUT_MS
                    : SourceSettings.STATUS_INTERVAL_MS;
            conflict(
                    source,
                    given,
                    "source.receive_timeout_ms is " + values.get(SourceSettings.RECEIVE_TIMEOUT_MS)
                            + "; write more than status_interval_ms, "
                            + values.get(SourceSettings.STATUS_INTERVAL_MS));
        }
        if (values.get(SourceSettings.FAILOVER_SLOT) && !values.get(SourceSettings.CREATE_SLOT)) {
            conflict(
                    source,
                    SourceSettings.FAILOVER_SLOT,
                    label(source, SourceSettings.FAILOVER_SLOT) + " has no effect without create_slot; "
                            + "leave it out, or add create_slot: true (--create-slot)");
        }
        List<String> publications = values.find(SourceSettings.PUBLICATIONS);
        if (values.get(SourceSettings.CREATE_PUBLICATION)) {
            if (publications != null && publications.size() > 1) {
                conflict(
                        source,
                        SourceSettings.CREATE_PUBLICATION,
                        label(source, SourceSettings.CREATE_PUBLICATION) + " with several publications is ambiguous;"
                                + " create them with SQL");
            }
        } else if (values.isGiven(SourceSettings.PUBLICATION_TABLES)) {
            conflict(
                    source,
                    SourceSettings.PUBLICATION_TABLES,
                    label(source, SourceSettings.PUBLICATION_TABLES) + " has no effect without create_publication; "
                            + "leave it out, or add create_publication: true (--create-publication)");
        }
    }

    private void checkQueue(LoadedConfig.Section queue) {
        SettingValues values = queue.values();
        if (values.get(QueueSettings.SEGMENT_BYTES) > values.get(QueueSettings.FILE_BYTES)) {
            Setting<?> given = values.isGiven(QueueSettings.SEGMENT_BYTES)
                    ? QueueSettings.SEGMENT_BYTES
                    : QueueSettings.FILE_BYTES;
            conflict(
                    queue,
                    given,
                    "queue.segment_bytes is " + values.get(QueueSettings.SEGMENT_BYTES) + "; write at most file_bytes, "
                            + values.get(QueueSettings.FILE_BYTES));
        }
        checkQuota(queue);
    }

    private void checkQuota(LoadedConfig.Section queue) {
        SettingValues values = queue.values();
        long max = values.get(QueueSettings.MAX_BYTES);
        long least = 2 * values.get(QueueSettings.FILE_BYTES);
        if (max > 0 && max < least) {
            conflict(
                    queue,
                    QueueSettings.MAX_BYTES,
                    "queue.max_bytes is " + max + "; write at least twice file_bytes, " + least
                            + ", for files are deleted whole; or 0");
        }
        long retain = values.get(QueueSettings.RETAIN_BYTES);
        if (max >= least && retain > max - least) {
            conflict(
                    queue,
                    QueueSettings.RETAIN_BYTES,
                    "queue.retain_bytes is " + retain + "; write at most max_bytes less twice file_bytes, "
                            + (max - least) + ", for what sinks lack needs room, too");
        }
        if (values.get(QueueSettings.WHEN_FULL) == FullPolicy.FAIL
                && values.get(QueueSettings.CONFIRM) != ConfirmPolicy.QUEUE) {
            conflict(
                    queue,
                    QueueSettings.WHEN_FULL,
                    "queue.when_full: fail goes with confirm: queue only; with confirm: sinks the primary keeps what waits, write pause");
        }
    }

    private static String label(LoadedConfig.Section section, Setting<?> setting) {
        Given given = section.given().get(setting.key());
        return given == null ? setting.key() : given.label();
    }

    private void conflict(LoadedConfig.Section section, Setting<?> setting, String message) {
        problems.add(ErrorCode.CONFIG_CONFLICT, section.origin(setting), message);
    }

    private static SourceConfig source(SettingValues values, ServerAddress address) {
        List<TableName> tables = values.find(SourceSettings.PUBLICATION_TABLES);
        String timeout = address.parameters().getOrDefault(ConnectionParameter.CONNECT_TIMEOUT, "0");
        return new SourceConfig(
                address,
                values.get(SourceSettings.SLOT),
                values.get(SourceSettings.PUBLICATIONS),
                values.get(SourceSettings.CREATE_SLOT),
                values.get(SourceSettings.FAILOVER_SLOT),
                values.get(SourceSettings.CREATE_PUBLICATION),
                tables == null ? List.of() : tables,
                values.get(SourceSettings.STATUS_INTERVAL_MS),
                values.get(SourceSettings.RECEIVE_TIMEOUT_MS),
                Long.parseLong(timeout) * MS_PER_SECOND,
                values.get(SourceSettings.RECONNECT),
                values.get(SourceSettings.HEARTBEAT_INTERVAL_MS));
    }

    private QueueConfig queue(SettingValues values) {
        return new QueueConfig(
                environment.directory().resolve(values.get(QueueSettings.DIR)).normalize(),
                values.get(QueueSettings.CONFIRM),
                values.get(QueueSettings.SEGMENT_BYTES),
                values.get(QueueSettings.SEGMENT_CHANGES),
                values.get(QueueSettings.GATHER_MS),
                values.get(QueueSettings.FILE_BYTES),
                values.get(QueueSettings.FLUSH_INTERVAL_MS),
                values.get(QueueSettings.FLUSH_BYTES),
                values.get(QueueSettings.MIN_FREE_BYTES),
                values.get(QueueSettings.MAX_BYTES),
                values.get(QueueSettings.RETAIN_BYTES),
                values.get(QueueSettings.WHEN_FULL),
                values.get(QueueSettings.ALLOW_NETWORK_FS));
    }
}
