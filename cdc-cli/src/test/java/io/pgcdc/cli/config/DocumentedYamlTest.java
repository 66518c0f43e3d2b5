package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import io.pgcdc.sink.SinkProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents print as configuration passes the same reader as a user's file. */
class DocumentedYamlTest {

    private static final Pattern BLOCK = Pattern.compile("^```yaml\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    /** A setting within a sentence. Capital letters and dots stand for what the user writes. */
    private static final Pattern INLINE = Pattern.compile("`([a-z_]+: (?!HOST:PORT|POSITION|\"POSITION)[^`…]+)`");

    /** Properties of Kafka's that are printed like settings. */
    private static final List<String> OF_KAFKA = List.of("acks: all");

    private static final Map<String, String> SOURCE = Map.of(
            "source", "{url: \"postgresql://u@h/d\", slot: s, publications: [p], create_slot: true}",
            "queue", "{dir: q}",
            "sinks", "[{name: out, type: stdout}]");

    /** What a sink of each type needs. */
    private static final Map<String, Map<String, String>> SINKS = Map.of(
            "stdout", Map.of(),
            "kafka", Map.of("prefix", "p", "properties", "{bootstrap.servers: \"b:1\"}"),
            "change_logs", Map.of("url", "postgresql://u@h/t"),
            "projection", Map.of("url", "postgresql://u@h/t"),
            "inbox", Map.of("url", "postgresql://u@h/t", "source_service", "s"));

    @TempDir
    Path directory;

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("..", "docs"))) {
            return Stream.concat(Stream.of("README.md", "CHANGELOG.md").map(n -> Path.of("..", n)), docs)
                    .filter(p -> p.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns what pattern finds in the documents, by the place. */
    private static Map<String, String> found(Pattern pattern) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                long line = text.substring(0, matcher.start()).lines().count() + 1;
                found.put(document + ":" + line, matcher.group(1));
            }
        }
        return found;
    }

    /** Returns the problems of a configuration. */
    private List<String> problems(String yaml) {
        ConfigFixture fixture = new ConfigFixture(directory);
        fixture.variables.putAll(Map.of("REGISTRY_PASSWORD", "x", "PGPASSWORD", "x", "KAFKA_BOOTSTRAP_SERVERS", "b:1"));
        fixture.write("cdc.yaml", yaml);
        Map<String, SinkProvider> providers = new HashMap<>(TestSinks.ALL);
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        try {
            ConfigLoader.load(Path.of("cdc.yaml"), Flags.NONE, fixture.environment(), providers);
            assertEquals(Set.of(), YamlSchema.problems(yaml), yaml); // what pgcdc accepts, editors accept
            return List.of();
        } catch (ConfigException e) {
            return ConfigFixture.problems(e);
        }
    }

    private static boolean has(String yaml, String key) {
        return yaml.lines().anyMatch(line -> line.matches("[ -]*" + key + ":.*"));
    }

    /** Adds the sections that a file needs. */
    private static String file(String part) {
        StringBuilder file = new StringBuilder(part.stripTrailing()).append('\n');
        SOURCE.forEach((key, value) -> {
            if (!has(part, key)) {
                file.append(key).append(": ").append(value).append('\n');
            }
        });
        return file.toString();
    }

    /** Makes a file of the settings of one sink. */
    private static String ofSink(String type, String settings) {
        StringBuilder sink = new StringBuilder("sinks:\n-\n");
        Map<String, String> base = new LinkedHashMap<>(SINKS.getOrDefault(type, Map.of()));
        base.putAll(Map.of("name", "one", "type", type));
        base.forEach((key, value) -> {
            if (!has(settings, key)) {
                sink.append(" ").append(key).append(": ").append(value).append('\n');
            }
        });
        return file(sink + settings.stripTrailing().stripIndent().indent(1));
    }

    /** Returns the files that a part of a configuration may be a part of. */
    private static List<String> files(String part) {
        if (part.startsWith("pipelines:")) {
            return List.of(part);
        }
        if (part.lines().anyMatch(line -> line.matches("(source|queue|sinks):.*"))) {
            // the guide's own sink, which is a plugin
            return List.of(file(part.replace("postgresql://…", "postgresql://u@h/d")
                    .replace("type: http, url:", "type: web, target:")));
        }
        if (part.strip().startsWith("- ")) {
            return List.of(file("sinks:\n" + part));
        }
        List<String> files = new ArrayList<>();
        new TreeSet<>(SINKS.keySet()).forEach(type -> files.add(ofSink(type, part)));
        return files;
    }

    /** Returns the files in which one setting can stand. */
    private static List<String> placesOf(String setting) {
        String lines = setting.replaceAll(", (?=[a-z_]+: )", "\n"); // several settings in one sentence
        List<String> files = new ArrayList<>(files(lines));
        files.add(file(lines));
        files.add(file("queue: {dir: q, " + setting + "}"));
        files.add(file("snapshot: {" + setting + "}"));
        return files;
    }

    private boolean isRight(String block) {
        return files(block).stream().map(this::problems).anyMatch(List::isEmpty);
    }

    /** Alone, a setting may lack another one, or have no effect; its name and its value must be right. */
    private boolean isReadable(String setting) {
        return placesOf(setting).stream()
                .map(this::problems)
                .anyMatch(found -> found.stream().allMatch(p -> p.contains("CDC-003") || p.contains("CDC-006")));
    }

    private static void assertNone(Map<String, String> found, Predicate<String> right) {
        found.values().removeIf(right);
        assertEquals(Map.of(), found);
    }

    @Test
    void blocksOfYaml() throws IOException {
        Map<String, String> blocks = found(BLOCK);
        assertTrue(blocks.size() > 8, blocks.keySet()::toString);
        assertNone(blocks, this::isRight);
    }

    @Test
    void settingsWithinSentences() throws IOException {
        Map<String, String> settings = found(INLINE);
        settings.values().removeAll(OF_KAFKA);
        assertTrue(settings.containsValue("skip: []"), settings::toString);
        assertNone(settings, this::isReadable);
    }

    @Test
    void wrongSettingsAreNotReadable() {
        for (String wrong : List.of("skip: [nothing]", "skipp: []", "tables: []", "type: [kafka]")) {
            assertFalse(isReadable(wrong), wrong);
        }
        assertFalse(isRight("sinks:\n  - {name: one, type: kafka, prefix: p}"));
    }

    /** A list whose default is "none" can be set to none, for a format has another default. */
    @ParameterizedTest
    @ValueSource(strings = {"skip", "topic_rules", "key_columns", "exclude_tables", "exclude_columns", "mask"})
    void noneOfAList(String key) {
        assertEquals(List.of(), problems(ofSink("kafka", key + ": []")));
    }

    @Test
    void noneOfTheHosts() {
        assertEquals(List.of(), problems(file("http: {listen: \"localhost:9187\", hosts: []}")));
    }
}
