package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.snapshot.SnapshotSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code cdc.yaml} into a draft. Checks the file's structure; its values are checked later. */
final class ConfigFile {

    private static final int MAX_BYTES = 1_048_576;

    private static final String SOURCE = "source";
    private static final String QUEUE = "queue";
    private static final String SNAPSHOT = "snapshot";
    private static final String HTTP = "http";
    private static final String SINKS = "sinks";

    private static final List<String> TOP_KEYS = Stream.concat(
                    Stream.of(SOURCE, QUEUE, SNAPSHOT, HTTP, SINKS),
                    PipelineSettings.ALL.stream().map(s -> s.key()))
            .toList();

    private final String name;
    private final References references;
    private final Problems problems;
    private final Draft draft;

    private ConfigFile(String name, Environment environment, Problems problems) {
        this.name = name;
        this.references = new References(environment, problems);
        this.problems = problems;
        this.draft = new Draft(Place.file(name, 1, 1));
    }

    /** @throws io.pgcdc.error.ConfigException if the file cannot be read or is not YAML: no further check is possible then */
    static Draft read(Path path, Environment environment, Problems problems) {
        String name = path.toString();
        Place whole = Place.file(name, 0, 0);
        String content = content(environment.directory().resolve(path), whole, problems);
        problems.throwIfAny();
        YamlNode root = YamlReader.read(name, content, problems);
        ConfigFile file = new ConfigFile(name, environment, problems);
        if (root instanceof YamlNode.Mapping mapping) {
            file.top(mapping);
            return file.draft;
        }
        if (root == null || root instanceof YamlNode.Empty) {
            if (problems.count() == 0) {
                unreadable(whole, "the file is empty; write source:, queue: and sinks:", problems);
            }
        } else {
            problems.add(
                    ErrorCode.CONFIG_SYNTAX,
                    file.origin(root.line(), root.column()),
                    "the file is " + root.kind() + "; write source:, queue: and sinks:");
        }
        problems.throwIfAny();
        return file.draft;
    }

    private static String content(Path path, Place whole, Problems problems) {
        try {
            if (!Files.exists(path)) {
                unreadable(whole, "the file does not exist; give its path with -c", problems);
            } else if (!Files.isRegularFile(path)) {
                unreadable(whole, "not a file; give the path of a YAML file with -c", problems);
            } else if (Files.size(path) > MAX_BYTES) {
                unreadable(whole, "larger than " + MAX_BYTES + " bytes; give a configuration file with -c", problems);
            } else {
                String content = Files.readString(path);
                return content.startsWith("\uFEFF") ? content.substring(1) : content;
            }
        } catch (CharacterCodingException e) {
            unreadable(whole, "not UTF-8; save the file as UTF-8", problems);
        } catch (IOException e) {
            unreadable(whole, "the file cannot be read; give this user read permission", problems);
        }
        return "";
    }

    private static void unreadable(Place whole, String message, Problems problems) {
        problems.add(ErrorCode.CONFIG_FILE_UNREADABLE, whole, message);
    }

    private void top(YamlNode.Mapping mapping) {
        for (YamlNode.Entry entry : mapping.entries()) {
            switch (entry.key()) {
                case SOURCE -> section(SOURCE, entry, draft.source);
                case QUEUE -> section(QUEUE, entry, draft.queue);
                case SNAPSHOT -> brief(SNAPSHOT, entry, draft.snapshot, SnapshotSettings.MODE);
                case HTTP -> brief(HTTP, entry, draft.http, HttpSettings.LISTEN);
                case SINKS -> sinks(entry);
                default -> {
                    if (TOP_KEYS.contains(entry.key())) {
                        value(entry, "", draft.top);
                    } else {
                        problems.add(
                                ErrorCode.CONFIG_UNKNOWN_KEY,
                                origin(entry.line(), entry.column()),
                                "unknown key " + SettingReader.quote(entry.key()) + "; "
                                        + NearMatch.advice(entry.key(), TOP_KEYS));
                    }
                }
            }
        }
    }

    private void section(String label, YamlNode.Entry entry, Draft.GivenSection section) {
        section.at = origin(entry.line(), entry.column());
        if (entry.value() instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(e -> value(e, label + ".", section));
        } else if (!(entry.value() instanceof YamlNode.Empty)) {
            bad(entry.value(), label + " is " + entry.value().kind() + "; write its keys below it, indented");
        }
    }

    /** Reads a section. A single word instead of it is its main setting. */
    private void brief(String label, YamlNode.Entry entry, Draft.GivenSection section, Setting<?> main) {
        if (entry.value() instanceof YamlNode.Scalar word) {
            section.at = origin(entry.line(), entry.column());
            value(new YamlNode.Entry(main.key(), entry.line(), entry.column(), word), label + ".", section);
        } else {
            section(label, entry, section);
        }
    }

    private void sinks(YamlNode.Entry entry) {
        if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
            if (!(entry.value() instanceof YamlNode.Empty)) {
                bad(entry.value(), "sinks is " + entry.value().kind() + "; write a list: - {name: out, type: stdout}");
                draft.addBroken(draft.top, SINKS);
            }
            return;
        }
        for (YamlNode element : sequence.elements()) {
            if (element instanceof YamlNode.Mapping mapping) {
                Draft.GivenSection sink = new Draft.GivenSection(origin(element.line(), element.column()));
                String label = SINKS + "[" + draft.sinks.size() + "].";
                mapping.entries().forEach(e -> value(e, label, sink));
                draft.sinks.add(sink);
            } else {
                bad(element, "a sink is " + element.kind() + "; write - {name: out, type: stdout}");
                draft.addBroken(draft.top, SINKS);
            }
        }
    }

    /** Adds a key's value as texts. The setting decides later if a list or a mapping is allowed. */
    private void value(YamlNode.Entry entry, String prefix, Draft.GivenSection section) {
        String label = prefix + entry.key();
        YamlNode node = entry.value();
        Given given = null;
        if (node instanceof YamlNode.Scalar scalar) {
            given = given(entry, label, List.of(scalar), SettingType.Shape.ONE);
        } else if (node instanceof YamlNode.Sequence sequence) {
            List<YamlNode.Scalar> scalars = new ArrayList<>();
            for (YamlNode element : sequence.elements()) {
                if (element instanceof YamlNode.Scalar scalar) {
                    scalars.add(scalar);
                } else {
                    bad(element, "an element of " + label + " is " + element.kind() + "; write a text");
                }
            }
            given = scalars.size() == sequence.elements().size()
                    ? given(entry, label, scalars, SettingType.Shape.LIST)
                    : null;
        } else if (node instanceof YamlNode.Mapping mapping) {
            given = mapping(entry, label, mapping);
        } else if (node instanceof YamlNode.Empty) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    origin(entry.line(), entry.column()),
                    label + " has no value; write one, or remove the key");
        } else {
            bad(node, label + " is a mapping; write a value");
        }
        if (given != null) {
            section.given.put(entry.key(), given);
        } else {
            draft.addBroken(section, entry.key());
        }
    }

    private @Nullable Given mapping(YamlNode.Entry entry, String label, YamlNode.Mapping mapping) {
        List<YamlNode.Scalar> pairs = new ArrayList<>();
        for (YamlNode.Entry pair : mapping.entries()) {
            if (pair.value() instanceof YamlNode.Scalar scalar) {
                pairs.add(new YamlNode.Scalar(pair.key() + "=" + scalar.text(), scalar.line(), scalar.column()));
            } else {
                bad(
                        pair.value(),
                        label + "." + pair.key() + " is " + pair.value().kind() + "; write a value");
            }
        }
        return pairs.size() == mapping.entries().size() ? given(entry, label, pairs, SettingType.Shape.MAPPING) : null;
    }

    private @Nullable Given given(
            YamlNode.Entry entry, String label, List<YamlNode.Scalar> scalars, SettingType.Shape shape) {
        Place key = origin(entry.line(), entry.column());
        Place value = origin(entry.value().line(), entry.value().column());
        List<String> texts = new ArrayList<>();
        boolean hidden = false;
        for (YamlNode.Scalar scalar : scalars) {
            References.Resolved resolved = references.resolve(scalar.text(), origin(scalar.line(), scalar.column()));
            if (resolved != null) {
                texts.add(resolved.text());
                hidden |= resolved.referenced();
            }
        }
        if (texts.size() < scalars.size()) {
            return null;
        }
        Given given = new Given(label, texts, shape, hidden, key, value);
        if (hidden && shape == SettingType.Shape.ONE) {
            draft.written.put(given, scalars.get(0).text());
        }
        return given;
    }

    private void bad(YamlNode node, String message) {
        if (node instanceof YamlNode.Refused) {
            return;
        }
        problems.add(ErrorCode.CONFIG_BAD_VALUE, origin(node.line(), node.column()), message);
    }

    private Place origin(int line, int column) {
        return Place.file(name, line, column);
    }
}
