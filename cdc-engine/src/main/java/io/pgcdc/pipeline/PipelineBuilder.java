package io.pgcdc.pipeline;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.queue.QueueChecks;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceChecks;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteChecks;
import io.pgcdc.view.RouteConfig;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a pipeline in a Java program. A setting that you omit has its documented default. {@link #build} does the checks that {@code cdc}
 * does for a file.
 *
 * <pre>{@code
 * Pipeline pipeline = Pipeline.builder()
 *         .url("postgresql://cdc@localhost/shop")
 *         .slot("shop_cdc")
 *         .publications("users_pub")
 *         .queueDirectory(Path.of("queue"))
 *         .set(SourceSettings.CREATE_SLOT, true)
 *         .sink("mine", new MySink())
 *         .sinkSetting("mine", SinkSettings.LINGER_MS, 50L)
 *         .build();
 * pipeline.run();
 * }</pre>
 *
 * One thread.
 */
public final class PipelineBuilder {

    private static final int MS_PER_SECOND = 1_000;

    private static final List<Setting<?>> SINK_SETTINGS = SinkSettings.ALL.stream()
            .filter(s -> !s.equals(SinkSettings.NAME) && !s.equals(SinkSettings.TYPE))
            .toList();

    private final Map<String, Sink> sinks = new LinkedHashMap<>();
    private final Map<String, Supplier<? extends Sink>> makers = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Given>> sinkSettings = new LinkedHashMap<>();
    private final Map<String, Given> top = new LinkedHashMap<>();
    private final Map<String, Given> source = new LinkedHashMap<>();
    private final Map<String, Given> queue = new LinkedHashMap<>();
    private final Map<String, Given> snapshot = new LinkedHashMap<>();
    private Map<String, String> environment = Map.of();

    PipelineBuilder() {}

    /** Sets the pipeline's name in threads and log lines; the default is the slot's name. */
    public PipelineBuilder name(String name) {
        return set(PipelineSettings.NAME, name);
    }

    /** Sets the database to read from: a libpq URI, a libpq keyword string, or a JDBC URL. */
    public PipelineBuilder url(String url) {
        return set(SourceSettings.URL, url);
    }

    /** Sets the PG* variables that fill in missing parts of the URL. Pass {@code System.getenv()} to use those of the process. */
    public PipelineBuilder environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    /** Sets the replication slot. */
    public PipelineBuilder slot(String name) {
        return set(SourceSettings.SLOT, name);
    }

    /** Sets the publications whose tables are read. */
    public PipelineBuilder publications(String... names) {
        return set(SourceSettings.PUBLICATIONS, List.of(names));
    }

    /** Sets the queue's directory. A relative path begins at the process's working directory. */
    public PipelineBuilder queueDirectory(Path directory) {
        return set(QueueSettings.DIR, directory);
    }

    /**
     * Sets any other setting: one of {@link SourceSettings}, {@link QueueSettings}, {@link SnapshotSettings}, {@link
     * PipelineSettings}.
     *
     * @throws IllegalArgumentException it is none of those
     */
    public <T> PipelineBuilder set(Setting<T> setting, T value) {
        Stream.of(
                        Map.entry(source, SourceSettings.ALL),
                        Map.entry(queue, QueueSettings.ALL),
                        Map.entry(snapshot, SnapshotSettings.ALL),
                        Map.entry(top, PipelineSettings.ALL))
                .filter(e -> e.getValue().contains(setting))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(setting.key() + " is not a setting of a pipeline"))
                .getKey()
                .put(setting.key(), given(setting, value));
        return this;
    }

    /**
     * Adds a sink. The pipeline closes it when the run ends.
     *
     * @param name for logs and checkpoints; under another name it is a new sink
     * @throws IllegalArgumentException a sink with that name was added
     */
    public PipelineBuilder sink(String name, Sink sink) {
        if (sinks.put(name, sink) != null) {
            throw new IllegalArgumentException("sink " + name + " was added twice");
        }
        sinkSettings.put(name, new LinkedHashMap<>());
        return this;
    }

    /**
     * Adds a sink that can be made anew after it failed permanently ({@link PipelineControl#retry}).
     *
     * @param maker returns another object at each call; called at once, later on the sink's thread
     * @throws IllegalArgumentException a sink with that name was added
     */
    public PipelineBuilder sink(String name, Supplier<? extends Sink> maker) {
        makers.put(name, maker);
        return sink(name, maker.get());
    }

    /**
     * Sets how changes reach a sink: one of {@link SinkSettings} or {@link RouteSettings}, except name and type. Add the sink first.
     *
     * @throws IllegalArgumentException it is none of those, or there is no such sink
     */
    public <T> PipelineBuilder sinkSetting(String name, Setting<T> setting, T value) {
        Map<String, Given> own = sinkSettings.get(name);
        if (own == null) {
            throw new IllegalArgumentException("there is no sink " + name);
        }
        if (!SINK_SETTINGS.contains(setting)) {
            throw new IllegalArgumentException(setting.key() + " is not a setting of every sink");
        }
        own.put(setting.key(), given(setting, value));
        return this;
    }

    /**
     * Checks the settings and makes the pipeline. Uses neither server nor disk.
     *
     * @throws io.pgcdc.error.ConfigException lists all problems
     */
    public Pipeline build() {
        Pipeline pipeline = new Pipeline(config(), sinks);
        pipeline.remakingSinks(this::remake);
        return pipeline;
    }

    private Sink remake(String name) {
        Supplier<? extends Sink> maker = makers.get(name);
        if (maker == null) {
            throw Pipeline.cannotRemake(name);
        }
        return maker.get();
    }

    /** Checks the settings, and returns the configuration of the pipeline. */
    PipelineConfig config() {
        Problems problems = new Problems();
        SettingReader reader = new SettingReader(problems);
        Section ofTop = section("", PipelineSettings.ALL, top, reader, problems);
        Section ofSource = section("source", SourceSettings.ALL, source, reader, problems);
        Section ofQueue = section("queue", QueueSettings.ALL, queue, reader, problems);
        Section ofSnapshot = section("snapshot", SnapshotSettings.ALL, snapshot, reader, problems);
        ServerAddress address = address(ofSource, problems);
        SourceChecks.check(ofSource, problems);
        QueueChecks.check(ofQueue, problems);
        List<SinkConfig> configs = sinkConfigs(ofSource, reader, problems);
        problems.throwIfAny();
        if (address == null) {
            throw new IllegalStateException("neither address nor problem");
        }
        return new PipelineConfig(
                PipelineSettings.name(ofTop.values(), ofSource.values()),
                SourceConfig.of(ofSource.values(), address),
                QueueConfig.of(ofQueue.values(), Path.of("").toAbsolutePath()),
                ofTop.values().get(PipelineSettings.MAX_ROW_BYTES),
                SnapshotConfig.of(ofSnapshot.values(), false),
                configs);
    }

    private List<SinkConfig> sinkConfigs(Section ofSource, SettingReader reader, Problems problems) {
        if (sinks.isEmpty()) {
            problems.add(ErrorCode.CONFIG_MISSING, Place.DEFAULT, "there is no sink; add one");
        }
        RouteChecks routes = new RouteChecks(ofSource.values().find(SourceSettings.PUBLICATIONS), problems);
        List<SinkConfig> configs = new ArrayList<>();
        sinkSettings.forEach((name, given) -> {
            reader.read(
                    "sink",
                    List.of(SinkSettings.NAME),
                    Map.of(SinkSettings.NAME.key(), given(SinkSettings.NAME, name)),
                    setting -> {});
            Section own = section("sink " + SettingReader.quote(name), SINK_SETTINGS, given, reader, problems);
            RouteConfig route = RouteConfig.of(own.values());
            routes.check(name, route, own);
            configs.add(new SinkConfig(
                    name, "program", DeliveryConfig.of(own.values()), route, new SettingValues(Map.of())));
        });
        return configs;
    }

    private static Section section(
            String name, List<Setting<?>> settings, Map<String, Given> given, SettingReader reader, Problems problems) {
        SettingValues values = reader.read(
                name,
                settings,
                given,
                missing -> problems.add(
                        ErrorCode.CONFIG_MISSING, Place.DEFAULT, name + "." + missing.key() + " is missing; set it"));
        return new Section(settings, given, values);
    }

    private @Nullable ServerAddress address(Section ofSource, Problems problems) {
        Given url = ofSource.given().get(SourceSettings.URL.key());
        if (url == null) {
            return null;
        }
        Map<String, String> variables = new HashMap<>(environment);
        if (ofSource.values().isGiven(SourceSettings.CONNECT_TIMEOUT_MS)) {
            variables.remove(ConnectionParameter.CONNECT_TIMEOUT.variable());
        }
        ServerAddress address = ServerUrl.parse(url, variables, System.getProperty("user.name", ""), problems);
        if (address == null) {
            return null;
        }
        if (!address.parameters().containsKey(ConnectionParameter.CONNECT_TIMEOUT)) {
            long seconds = ofSource.values().get(SourceSettings.CONNECT_TIMEOUT_MS) / MS_PER_SECOND;
            address = address.with(ConnectionParameter.CONNECT_TIMEOUT, Long.toString(seconds));
        }
        SourceChecks.checkTimeout(ofSource, address, problems);
        return address;
    }

    /** Converts a value to text, so that the same code reads values from programs and from files. */
    private static <T> Given given(Setting<T> setting, T value) {
        List<String> texts = SettingType.print(value);
        if (setting.type().shape() == SettingType.Shape.MAPPING) {
            return new Given(setting.key(), texts, SettingType.Shape.MAPPING, false, Place.DEFAULT, Place.DEFAULT);
        }
        return setting.type().many()
                ? Given.list(setting.key(), texts, Place.DEFAULT)
                : Given.text(setting.key(), texts.get(0), Place.DEFAULT);
    }
}
