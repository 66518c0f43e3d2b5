package io.pgcdc.cli.debezium;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problem;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.debezium.option.DebeziumAnswer;
import io.pgcdc.sinks.debezium.option.DebeziumNames;
import io.pgcdc.sinks.debezium.option.DebeziumOptions;
import io.pgcdc.sinks.debezium.option.WorkerNames;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts the configuration of one connector. The package's entry point. */
public final class DebeziumConversion {

    private static final String CLASS = "connector.class";
    private static final String PASSWORD = "database.password";
    private static final String DELIMITER = "topic.delimiter";
    private static final String UNWRAP = "io.debezium.transforms.ExtractNewRecordState";

    /** Debezium's connector, and Confluent Cloud's, which is the same. */
    private static final Set<String> CLASSES =
            Set.of("io.debezium.connector.postgresql.PostgresConnector", "PostgresCdcSource", "PostgresCdcSourceV2");

    /** Options that are named together. */
    private static final List<String> TOGETHER = List.of("database.", WorkerSettings.CREATION);

    private final Path file;
    private final Notes notes = new Notes();
    private final Problems problems = new Problems();
    private final Map<String, Option> options = new LinkedHashMap<>();
    private final ConvertedSettings settings;

    private DebeziumConversion(Path file, boolean newSlot) {
        this.file = file;
        this.settings = new ConvertedSettings(options, newSlot, notes, problems);
    }

    /**
     * A configuration of ours.
     *
     * @param yaml the file
     * @param lacking how many options are not taken over; the file names them
     */
    public record Converted(String yaml, int lacking) {}

    /**
     * Converts a file.
     *
     * @param directory the start of a relative path
     * @param newSlot true if pgcdc creates slot and publication, as the options say; false if it goes on with those that exist
     * @throws io.pgcdc.error.ConfigException with all problems of the file
     */
    public static Converted convert(Path file, Path directory, boolean newSlot) {
        DebeziumConversion conversion = new DebeziumConversion(file, newSlot);
        return conversion.convert(OptionFile.read(file, directory), newSlot);
    }

    private Converted convert(List<Option> given, boolean newSlot) {
        OptionReferences references = new OptionReferences(notes);
        OptionNames.of(given, notes)
                .forEach((name, option) -> options.put(name, name.equals(PASSWORD) ? option : references.of(option)));
        checkClass();
        checkSink(OptionNames.areOfServer(given));
        problems.throwIfAny();
        translate();
        defaults(newSlot);
        Map<String, Map<String, Line>> sinks = sinks();
        throwWithPlaces();
        rest(sinks);
        return new Converted(
                new ConvertedFile().of(file.toString(), settings, sinks, notes),
                notes.lacking().size());
    }

    private void checkClass() {
        Option type = options.get(CLASS);
        if (type == null) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    whole(),
                    CLASS
                            + " is missing; write io.debezium.connector.postgresql.PostgresConnector if it is that connector's file");
        } else if (!CLASSES.contains(type.text().strip())) {
            problems.add(
                    ErrorCode.CONFIG_BAD_VALUE,
                    type.place(),
                    type.written() + " is " + SettingReader.quote(type.text())
                            + "; give the file of a connector whose class is io.debezium.connector.postgresql.PostgresConnector");
        }
    }

    private void checkSink(boolean server) {
        Option sink = options.get("debezium.sink.type");
        if (server && sink != null && !sink.text().strip().equals("kafka")) {
            problems.add(
                    ErrorCode.SINK_UNKNOWN,
                    sink.place(),
                    "debezium.sink.type is " + SettingReader.quote(sink.text())
                            + ", and pgcdc has no such sink; write kafka to convert the other options, then choose a type of"
                            + " docs/reference/configuration.md");
        }
    }

    private void translate() {
        WorkerSettings worker = new WorkerSettings(options, settings, notes);
        Map<String, String> debezium = new LinkedHashMap<>();
        Map<String, String> others = new LinkedHashMap<>();
        for (Option option : List.copyOf(options.values())) {
            String name = option.name();
            if (DebeziumNames.all().containsKey(name)) {
                debezium.put(name, option.text());
            } else if (!Transform.has(name) && !worker.translate(option)) {
                others.put(name, option.text());
            }
        }
        debezium.remove(DELIMITER);
        String password = debezium.remove(PASSWORD);
        if (password != null) {
            notes.unneeded(
                    settings.written(PASSWORD), "it is not written down; set PGPASSWORD, or write it into ~/.pgpass");
        }
        others.putAll(debezium);
        DebeziumOptions sorted = DebeziumOptions.of(others);
        sorted.translate(settings, problems);
        others.keySet().stream()
                .filter(name ->
                        !sorted.debezium().containsKey(name) && !sorted.others().containsKey(name))
                .forEach(name -> notes.lacking(settings.written(name), FileWording.of("converters", "")));
        sorted.others().keySet().forEach(this::unknown);
        fixedEqual(sorted.debezium());
        worker.schemas();
        worker.properties();
    }

    /** Names the options that have the value which always holds here. */
    private void fixedEqual(Map<String, String> debezium) {
        debezium.forEach((name, text) -> {
            if (DebeziumNames.answer(name) instanceof DebeziumAnswer.Fixed fixed
                    && fixed.values().contains(text.strip())) {
                notes.unneeded(settings.written(name), "that is always so");
            }
        });
    }

    private void unknown(String name) {
        Set<String> known = new LinkedHashSet<>(DebeziumNames.all().keySet());
        known.addAll(WorkerNames.all());
        String near = NearMatch.of(name, known);
        Option option = options.get(name);
        String written = settings.written(name);
        if (near != null && option != null && !options.containsKey(near)) {
            problems.add(
                    ErrorCode.CONFIG_UNKNOWN_KEY,
                    option.place(),
                    written + " is unknown; did you mean \"" + near + "\"? Otherwise remove it");
        } else {
            notes.lacking(written, "neither Debezium's connector nor pgcdc knows it");
        }
    }

    private void defaults(boolean newSlot) {
        Map<String, Line> source = settings.source();
        source.putIfAbsent("slot", Line.text("debezium", "Debezium's default"));
        source.putIfAbsent("publications", Line.list(List.of("dbz_publication"), "Debezium's default"));
        if (newSlot) {
            source.putIfAbsent("create_slot", Line.text("true", ""));
            source.putIfAbsent("create_publication", Line.text("true", "Debezium's default"));
            settings.snapshot().putIfAbsent("mode", Line.text("initial", "Debezium's default"));
        }
    }

    private Map<String, Map<String, Line>> sinks() {
        TopicTransforms topics = new TopicTransforms(settings, notes);
        Transform outbox = null;
        boolean renamed = false;
        for (Transform transform : Transform.of(options)) {
            if (TopicTransforms.renames(transform)) {
                renamed = true;
                topics.add(transform);
            } else if (transform.type().equals(OutboxRouting.TYPE) && outbox == null) {
                outbox = transform;
            } else {
                notes.lacking(transform.name(), instead(transform));
            }
        }
        if (options.containsKey("predicates")) {
            notes.unneeded("predicates", "each transform above or below says what becomes of its predicate");
        }
        Map<String, Line> main = settings.sink();
        Map<String, Map<String, Line>> sinks = new LinkedHashMap<>();
        if (outbox != null) {
            sinks.put("outbox", new OutboxRouting(outbox, settings, notes).sink());
        }
        if (outbox == null || !main.isEmpty()) {
            prefix(main);
            topics.apply(delimiter());
            sinks.put("kafka", ordered(main));
        } else if (renamed) {
            notes.lacking("transforms", "its renaming of the events' topics; write event_topic");
        }
        return sinks;
    }

    private static String instead(Transform transform) {
        return transform.type().equals(UNWRAP)
                ? "records stay whole (before, after, op, source); format: native has the row under new_data, or use this transform with"
                        + " pgcdc's connector for Kafka Connect (docs/how-to/connect.md)"
                : "pgcdc has no transforms but settings of its sinks (mask, exclude_columns, topic_rules); its connector for Kafka"
                        + " Connect has them (docs/how-to/connect.md)";
    }

    private @Nullable Option delimiter() {
        Option given = options.get(DELIMITER);
        if (given != null && given.text().strip().equals(".")) {
            notes.unneeded(given.written(), "that is the default of topic");
            return null;
        }
        return given;
    }

    private void prefix(Map<String, Line> sink) {
        if (!sink.containsKey("prefix") && problems.count() == 0) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    whole(),
                    "topic.prefix is missing; write it (before Debezium 2: database.server.name)");
        }
    }

    /** Puts first what says most about a sink. */
    private static Map<String, Line> ordered(Map<String, Line> lines) {
        Map<String, Line> ordered = new LinkedHashMap<>();
        ordered.put("format", Line.text("debezium", ""));
        for (String key : List.of("prefix", "topic", "topic_rules", "tables")) {
            Line line = lines.get(key);
            if (line != null) {
                ordered.put(key, line);
            }
        }
        lines.forEach(ordered::putIfAbsent);
        return ordered;
    }

    /** Names the options that nothing else names: switched off, empty, or said by another option, too. */
    private void rest(Map<String, Map<String, Line>> sinks) {
        Set<String> named = new HashSet<>(notes.unneeded().keySet());
        named.addAll(notes.lacking().keySet());
        Stream.of(Stream.of(settings.top(), settings.source(), settings.snapshot()), sinks.values().stream())
                .flatMap(sections -> sections)
                .flatMap(section -> section.values().stream())
                .forEach(line -> named.addAll(SettingType.split(line.from())));
        for (Option option : options.values()) {
            boolean together = Transform.has(option.name()) || TOGETHER.stream().anyMatch(option.name()::startsWith);
            if (!together && !named.contains(option.written())) {
                notes.unneeded(option.written(), "it has no effect beside the settings above");
            }
        }
    }

    private Place whole() {
        return Place.file(file.toString(), 0, 0);
    }

    /** Throws if there are problems, each with its option's place in the file. */
    private void throwWithPlaces() {
        Problems placed = new Problems();
        for (Problem problem : problems.list()) {
            Option option = options.get(problem.origin().name());
            boolean property = problem.origin().kind() == Place.Kind.PROPERTY;
            placed.add(
                    problem.code(),
                    property ? option == null ? whole() : option.place() : problem.origin(),
                    problem.message());
        }
        placed.throwIfAny();
    }
}
