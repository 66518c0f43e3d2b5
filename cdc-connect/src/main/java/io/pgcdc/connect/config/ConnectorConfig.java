package io.pgcdc.connect.config;

import io.pgcdc.address.HostPort;
import io.pgcdc.connect.config.SourceReader.ReadSource;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.sinks.debezium.option.WorkerNames;
import io.pgcdc.source.SourceSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connector's properties, read and checked. Asks no server. Immutable. */
public final class ConnectorConfig {

    /** In a task's properties: the name of its source. */
    public static final String TASK_SOURCE = "pgcdc.task.source";

    private static final String NAME = "name";
    private static final String TASKS_MAX = "tasks.max";

    private final List<ReadSource> sources;
    private final Map<String, String> properties;
    private final List<String> notices;

    private ConnectorConfig(List<ReadSource> sources, Map<String, String> properties, List<String> notices) {
        this.sources = List.copyOf(sources);
        this.properties = Map.copyOf(properties);
        this.notices = List.copyOf(notices);
    }

    /**
     * Reads the properties of a connector, or of one of its tasks.
     *
     * @throws io.pgcdc.error.ConfigException with all problems
     */
    public static ConnectorConfig parse(Map<String, String> properties) {
        Problems problems = new Problems();
        Optional<ConnectorConfig> config = read(properties, problems);
        Problems worded = new Problems();
        Wording.of(problems).forEach(p -> worded.add(p.code(), p.origin(), p.message()));
        worded.throwIfAny();
        return config.orElseThrow(() -> new IllegalStateException("neither configuration nor problem"));
    }

    /**
     * Returns the source of a task, from the properties that {@link #taskConfigs} made.
     *
     * @throws io.pgcdc.error.ConfigException with all problems
     */
    public static SourceSpec ofTask(Map<String, String> properties) {
        String name = properties.get(TASK_SOURCE);
        return parse(properties).sources().stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no source " + name + " for a task"));
    }

    /** Returns nothing if there are problems, which are then added; one may be added twice. */
    static Optional<ConnectorConfig> read(Map<String, @Nullable String> properties, Problems problems) {
        int before = problems.count();
        Map<String, String> given = new LinkedHashMap<>();
        properties.forEach((name, text) -> {
            if (text != null) { // the worker hands over a null for a JSON null
                given.put(name, text);
            }
        });
        Map<String, String> ours = new LinkedHashMap<>(given);
        ours.keySet().removeIf(name -> WorkerNames.has(name) || name.equals(TASK_SOURCE));
        DebeziumTranslation.Translated translated = DebeziumTranslation.of(ours, problems);
        List<String> names = names(translated.own(), problems);
        GivenProperties sorted = new GivenProperties(problems);
        sorted.add(translated.own(), names);
        sorted.addTranslated(translated.given());
        SourceReader reader = new SourceReader(given.getOrDefault(NAME, "connector"), sorted, translated, problems);
        List<ReadSource> sources = new ArrayList<>();
        for (String name : names == null || names.isEmpty() ? List.of("") : names) {
            ReadSource source = reader.read(name);
            if (source != null) {
                sources.add(source);
            }
        }
        checkSlots(sources, problems);
        checkTasks(names, given.get(TASKS_MAX), problems);
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(new ConnectorConfig(sources, given, translated.unneeded()));
    }

    /** Returns the names of the sources; empty if there is one without a name; null if they could not be read. */
    private static @Nullable List<String> names(Map<String, String> ours, Problems problems) {
        Property property = Properties.of(ConnectSettings.SOURCES);
        String text = ours.get(property.name());
        if (text == null) {
            return List.of();
        }
        Map<String, Given> given = Map.of(property.setting().key(), property.given(property.name(), text));
        return new SettingReader(problems)
                .read(property.group().title(), List.of(property.setting()), given, missing -> {})
                .find(ConnectSettings.SOURCES);
    }

    /** Two sources must not read one slot. Servers with several names are told apart by the server only. */
    private static void checkSlots(List<ReadSource> sources, Problems problems) {
        for (int i = 0; i < sources.size(); i++) {
            SourceSpec later = sources.get(i).spec();
            for (ReadSource other : sources.subList(0, i)) {
                SourceSpec earlier = other.spec();
                List<HostPort> hosts = later.source().address().hosts();
                if (earlier.source().slot().equals(later.source().slot())
                        && !Collections.disjoint(
                                hosts, earlier.source().address().hosts())) {
                    String property = Properties.of(SourceSettings.SLOT).name(later.name());
                    problems.add(
                            ErrorCode.CONFIG_CONFLICT,
                            Place.property(property),
                            "sources " + earlier.name() + " and " + later.name() + " have the same slot "
                                    + later.source().slot() + " on the same server; write another slot as " + property);
                }
            }
        }
    }

    private static void checkTasks(@Nullable List<String> names, @Nullable String tasksMax, Problems problems) {
        int tasks =
                tasksMax == null || !tasksMax.strip().matches("[0-9]{1,6}") ? 1 : Integer.parseInt(tasksMax.strip());
        if (names != null && names.size() > tasks) {
            problems.add(ErrorCode.CONFIG_CONFLICT, Place.property(TASKS_MAX), tooFewTasks(names.size()));
        }
    }

    private static String tooFewTasks(int sources) {
        return sources + " sources need " + sources + " tasks; set tasks.max=" + sources;
    }

    /** Returns the sources, each for one task; at least one. */
    public List<SourceSpec> sources() {
        return sources.stream().map(ReadSource::spec).toList();
    }

    /** Returns what a person should know: properties that have no effect, and why. */
    public List<String> notices() {
        return notices;
    }

    List<ReadSource> read() {
        return sources;
    }

    /**
     * Returns the properties of each task: the connector's, and the name of the task's source.
     *
     * @param maxTasks the most tasks that the connector may have
     * @throws io.pgcdc.error.ConfigException there are more sources
     */
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        if (sources.size() > maxTasks) {
            Problems problems = new Problems();
            problems.add(ErrorCode.CONFIG_CONFLICT, Place.property(TASKS_MAX), tooFewTasks(sources.size()));
            problems.throwIfAny();
        }
        List<Map<String, String>> tasks = new ArrayList<>();
        for (ReadSource source : sources) {
            Map<String, String> task = new LinkedHashMap<>(properties);
            task.put(TASK_SOURCE, source.spec().name());
            tasks.add(task);
        }
        return tasks;
    }
}
