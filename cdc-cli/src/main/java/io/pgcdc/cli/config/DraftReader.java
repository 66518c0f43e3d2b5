package io.pgcdc.cli.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.snapshot.SnapshotSettings;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the sections of a file into drafts. For one thread. */
final class DraftReader {

    private static final String SOURCE = "source";
    private static final String QUEUE = "queue";
    private static final String SNAPSHOT = "snapshot";
    private static final String SINKS = "sinks";

    /** The keys of a pipeline. */
    static final List<String> KEYS = Stream.concat(
                    Stream.of(SOURCE, QUEUE, SNAPSHOT, SINKS),
                    PipelineSettings.ALL.stream().map(s -> s.key()))
            .toList();

    private final String file;
    private final References references;
    private final IdentityHashMap<Given, List<String>> written;
    private final Problems problems;

    /**
     * @param file as the user named it
     * @param written gets the texts of values in which references are replaced
     */
    DraftReader(String file, References references, IdentityHashMap<Given, List<String>> written, Problems problems) {
        this.file = file;
        this.references = references;
        this.written = written;
        this.problems = problems;
    }

    /** Reads a key of a pipeline, one of {@link #KEYS}. */
    void pipeline(YamlNode.Entry entry, Draft draft) {
        switch (entry.key()) {
            case SOURCE -> section(SOURCE, entry, draft.source);
            case QUEUE -> section(QUEUE, entry, draft.queue);
            case SNAPSHOT -> brief(SNAPSHOT, entry, draft.snapshot, SnapshotSettings.MODE);
            case SINKS -> sinks(entry, draft);
            default -> value(entry, "", draft.top);
        }
    }

    void unknown(YamlNode.Entry entry, List<String> known) {
        problems.add(
                ErrorCode.CONFIG_UNKNOWN_KEY,
                origin(entry.line(), entry.column()),
                "unknown key " + SettingReader.quote(entry.key()) + "; " + NearMatch.advice(entry.key(), known));
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
    void brief(String label, YamlNode.Entry entry, Draft.GivenSection section, Setting<?> main) {
        if (entry.value() instanceof YamlNode.Scalar word) {
            section.at = origin(entry.line(), entry.column());
            value(new YamlNode.Entry(main.key(), entry.line(), entry.column(), word), label + ".", section);
        } else {
            section(label, entry, section);
        }
    }

    private void sinks(YamlNode.Entry entry, Draft draft) {
        if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
            if (!(entry.value() instanceof YamlNode.Empty)) {
                bad(entry.value(), "sinks is " + entry.value().kind() + "; write a list: - {name: out, type: stdout}");
                draft.top.broken.add(SINKS);
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
                draft.top.broken.add(SINKS);
            }
        }
    }

    /** Adds a key's value as texts. The setting decides later if a list or a mapping is allowed. */
    private void value(YamlNode.Entry entry, String prefix, Draft.GivenSection section) {
        String label = prefix + Printable.start(entry.key());
        YamlNode node = entry.value();
        Given given = null;
        if (node instanceof YamlNode.Scalar scalar) {
            given = given(entry, label, List.of(scalar), SettingType.Shape.ONE);
        } else if (node instanceof YamlNode.Sequence sequence
                && !sequence.elements().isEmpty()
                && sequence.elements().get(0) instanceof YamlNode.Mapping) {
            given = elements(entry, label, sequence);
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
            section.broken.add(entry.key());
        }
    }

    /** Reads a list of mappings. The setting decides later which keys they may have. */
    private @Nullable Given elements(YamlNode.Entry entry, String label, YamlNode.Sequence sequence) {
        List<Map<String, Given>> sections = new ArrayList<>();
        boolean broken = false;
        for (YamlNode element : sequence.elements()) {
            Draft.GivenSection section = new Draft.GivenSection(origin(element.line(), element.column()));
            if (element instanceof YamlNode.Mapping mapping) {
                String prefix = label + "[" + sections.size() + "].";
                mapping.entries().forEach(e -> value(e, prefix, section));
            } else {
                bad(
                        element,
                        "an element of " + label + " is " + element.kind() + "; write a mapping, as the first one");
                broken = true;
            }
            broken |= !section.broken.isEmpty();
            sections.add(section.given);
        }
        return broken
                ? null
                : Given.sections(
                        label,
                        sections,
                        origin(entry.line(), entry.column()),
                        origin(entry.value().line(), entry.value().column()));
    }

    private @Nullable Given mapping(YamlNode.Entry entry, String label, YamlNode.Mapping mapping) {
        List<YamlNode.Scalar> pairs = new ArrayList<>();
        for (YamlNode.Entry pair : mapping.entries()) {
            if (pair.value() instanceof YamlNode.Scalar scalar) {
                pairs.add(new YamlNode.Scalar(pair.key() + "=" + scalar.text(), scalar.line(), scalar.column()));
            } else {
                bad(
                        pair.value(),
                        label + "." + Printable.start(pair.key()) + " is "
                                + pair.value().kind() + "; write a value");
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
        if (hidden) {
            written.put(given, scalars.stream().map(YamlNode.Scalar::text).toList());
        }
        return given;
    }

    void bad(YamlNode node, String message) {
        if (node instanceof YamlNode.Refused) {
            return;
        }
        problems.add(ErrorCode.CONFIG_BAD_VALUE, origin(node.line(), node.column()), message);
    }

    Place origin(int line, int column) {
        return Place.file(file, line, column);
    }
}
