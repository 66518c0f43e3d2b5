package io.pgcdc.cli.debezium;

import io.pgcdc.cli.config.YamlNode;
import io.pgcdc.cli.config.YamlReader;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problem;
import io.pgcdc.setting.Problems;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of a connector: a JSON object, alone or as {@code config} of another, as Connect's REST interface has it; a file of
 * properties; or a KafkaConnector of Strimzi in YAML.
 */
final class OptionFile {

    private static final int MAX_BYTES = 1_048_576;
    private static final String FORMS =
            "give the connector's JSON, its .properties, or the YAML of a KafkaConnector (GET /connectors/NAME returns the JSON)";

    private final String name;
    private final Problems problems;
    private final List<Option> options = new ArrayList<>();

    private OptionFile(String name, Problems problems) {
        this.name = name;
        this.problems = problems;
    }

    /**
     * Returns the options in the file's order.
     *
     * @param directory the start of a relative path
     * @throws io.pgcdc.error.ConfigException if the file cannot be read or understood
     */
    static List<Option> read(Path file, Path directory) {
        Problems problems = new Problems();
        OptionFile reader = new OptionFile(file.toString(), problems);
        String content = reader.content(directory.resolve(file));
        problems.throwIfAny();
        String lower = file.toString().toLowerCase(Locale.ROOT);
        boolean json = lower.endsWith(".json") || content.stripLeading().startsWith("{");
        if (json || lower.endsWith(".yaml") || lower.endsWith(".yml")) {
            reader.tree(content, json);
        } else {
            reader.properties(content);
        }
        if (problems.count() == 0 && reader.options.isEmpty()) {
            reader.unreadable("the file has no options; " + FORMS);
        }
        problems.throwIfAny();
        return reader.options;
    }

    private void unreadable(String message) {
        problems.add(ErrorCode.CONFIG_FILE_UNREADABLE, Place.file(name, 0, 0), message);
    }

    private String content(Path path) {
        try {
            if (!Files.exists(path)) {
                unreadable("the file does not exist; " + FORMS);
            } else if (!Files.isRegularFile(path)) {
                unreadable("not a file; " + FORMS);
            } else if (Files.size(path) > MAX_BYTES) {
                unreadable("larger than " + MAX_BYTES + " bytes; " + FORMS);
            } else {
                return Files.readString(path);
            }
        } catch (CharacterCodingException e) {
            unreadable("not UTF-8; save the file as UTF-8");
        } catch (IOException e) {
            unreadable("the file cannot be read; give this user read permission");
        }
        return "";
    }

    /** JSON is YAML, but for tabs between its tokens, which JSON's texts cannot contain. */
    private void tree(String content, boolean json) {
        Problems found = new Problems();
        YamlNode root = YamlReader.read(name, json ? content.replace('\t', ' ') : content, found);
        for (Problem problem : found.list()) {
            String message =
                    json ? problem.message().replaceFirst("^not valid YAML", "not valid JSON") : problem.message();
            problems.add(problem.code(), problem.origin(), message);
        }
        if (found.count() > 0) {
            return;
        }
        YamlNode config = root;
        if (root instanceof YamlNode.Mapping top) {
            YamlNode spec = child(top, "spec");
            YamlNode inner = child(spec instanceof YamlNode.Mapping inSpec ? inSpec : top, "config");
            if (inner instanceof YamlNode.Mapping) {
                config = inner;
            }
            if (spec instanceof YamlNode.Mapping inSpec) {
                scalars(inSpec, Map.of("class", "connector.class", "tasksMax", "tasks.max"));
            }
            if (inner != null) {
                scalars(
                        child(top, "metadata") instanceof YamlNode.Mapping inMetadata ? inMetadata : top,
                        Map.of("name", "name"));
            }
        }
        if (config instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(this::add);
        } else {
            problems.add(
                    ErrorCode.CONFIG_SYNTAX,
                    Place.file(name, root == null ? 0 : root.line(), root == null ? 0 : root.column()),
                    "the file is " + (root == null ? "empty" : root.kind()) + ", and no connector's configuration; "
                            + FORMS);
        }
    }

    private static @Nullable YamlNode child(YamlNode.Mapping mapping, String key) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .map(YamlNode.Entry::value)
                .findFirst()
                .orElse(null);
    }

    /** @param names the keys to read, and the options that they are */
    private void scalars(YamlNode.Mapping mapping, Map<String, String> names) {
        for (YamlNode.Entry entry : mapping.entries()) {
            String option = names.get(entry.key());
            if (option != null && entry.value() instanceof YamlNode.Scalar value) {
                options.add(new Option(option, option, value.text(), place(entry)));
            }
        }
    }

    private void add(YamlNode.Entry entry) {
        if (entry.value() instanceof YamlNode.Scalar value) {
            options.removeIf(option -> option.name().equals(entry.key()));
            options.add(new Option(entry.key(), entry.key(), value.text(), place(entry)));
        } else if (!(entry.value() instanceof YamlNode.Empty)) {
            problems.add(
                    ErrorCode.CONFIG_BAD_VALUE,
                    place(entry),
                    entry.key() + " is " + entry.value().kind() + "; write a text, as Kafka Connect requires");
        }
    }

    private Place place(YamlNode.Entry entry) {
        return Place.file(name, entry.line(), entry.column());
    }

    private void properties(String content) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(content));
        } catch (IllegalArgumentException e) {
            problems.add(ErrorCode.CONFIG_SYNTAX, Place.file(name, 0, 0), "not valid properties: " + e.getMessage());
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the input is in memory
        }
        Map<Integer, Option> byLine = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            int line = line(content, key);
            byLine.put(
                    line > 0 ? line : -1 - byLine.size(),
                    new Option(
                            key,
                            key,
                            properties.getProperty(key),
                            Place.file(name, Math.max(0, line), line > 0 ? 1 : 0)));
        }
        options.addAll(byLine.values());
    }

    /** Returns the last line that gives the key a value, from 1; 0 if none is found. */
    private static int line(String content, String key) {
        Matcher found = Pattern.compile("^[ \\t]*" + Pattern.quote(key) + "[ \\t]*(?:[=: \\t]|$)", Pattern.MULTILINE)
                .matcher(content);
        int line = 0;
        while (found.find()) {
            line = 1
                    + (int) content.substring(0, found.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        }
        return line;
    }
}
