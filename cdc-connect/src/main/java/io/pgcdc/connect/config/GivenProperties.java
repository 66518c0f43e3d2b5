package io.pgcdc.connect.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.sinks.debezium.option.WorkerNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sorts properties: those of all sources, and those of one. Unknown names become problems. For one thread. */
final class GivenProperties {

    /** Where a user finds the names that exist. */
    private static final String REFERENCE =
            "remove it, or write one of those that GET /connector-plugins/PostgresSourceConnector/config lists";

    private final Map<String, Given> shared = new LinkedHashMap<>();
    private final Map<String, Map<String, Given>> own = new TreeMap<>();
    private final Map<String, Map<Property, List<String>>> pairs = new HashMap<>();
    private final Problems problems;

    GivenProperties(Problems problems) {
        this.problems = problems;
    }

    /**
     * Adds our properties.
     *
     * @param properties without those of Connect and Debezium
     * @param sources the names of the sources; null if they could not be read, empty if there is one without a name
     */
    void add(Map<String, String> properties, @Nullable List<String> sources) {
        new TreeMap<>(properties).forEach((name, text) -> {
            if (!name.startsWith(Property.OF_SOURCES)) {
                put(name, name, text, shared, "");
            } else if (sources != null) {
                addOwn(name, text, sources);
            }
        });
    }

    private void addOwn(String name, String text, List<String> sources) {
        int end = name.indexOf('.', Property.OF_SOURCES.length());
        String source = name.substring(Property.OF_SOURCES.length(), end < 0 ? name.length() : end);
        if (end < 0 || !sources.contains(source)) {
            String advice = sources.isEmpty()
                    ? "write sources=" + SettingReader.quote(source).replace("\"", "")
                    : NearMatch.advice(source, sources);
            unknown(name, "there is no source " + SettingReader.quote(source) + " in sources; " + advice);
            return;
        }
        String rest = name.substring(end + 1);
        Property inSource = Properties.find(Group.SOURCE.prefix() + rest);
        boolean mapping = inSource == null && mapping(Group.SOURCE.prefix() + rest) != null;
        String plain = inSource != null || mapping ? Group.SOURCE.prefix() + rest : rest;
        put(name, plain, text, own.computeIfAbsent(source, s -> new LinkedHashMap<>()), source);
    }

    /** @param plain the name without that of a source */
    private void put(String written, String plain, String text, Map<String, Given> section, String source) {
        Property property = Properties.find(plain);
        Property mapping = property == null ? mapping(plain) : null;
        if (mapping != null) {
            List<String> all = pairs.computeIfAbsent(source, s -> new HashMap<>())
                    .computeIfAbsent(mapping, m -> new ArrayList<>());
            all.add(plain.substring(mapping.name().length() + 1) + "=" + text.strip());
            Given given = section.get(mapping.name());
            if (given != null && all.size() == 1) {
                problems.add(
                        ErrorCode.CONFIG_CONFLICT,
                        Place.property(written),
                        written + " and " + given.label() + " exclude each other; remove one");
                return;
            }
            section.put(mapping.name(), mapping.pairs(written, all));
        } else if (property == null || (!source.isEmpty() && !property.perSource())) {
            unknown(written, "unknown property " + SettingReader.quote(written) + "; " + advice(written, source));
        } else {
            section.put(plain, property.given(written, text));
        }
    }

    private static @Nullable Property mapping(String name) {
        return Properties.all().stream()
                .filter(p -> p.isMapping() && name.startsWith(p.name() + "."))
                .findFirst()
                .orElse(null);
    }

    private static String advice(String written, String source) {
        // of a long name, the part that all have in common must not count
        String start = source.isEmpty() ? "" : Property.OF_SOURCES + source + ".";
        Set<String> known = new LinkedHashSet<>();
        for (Property property : Properties.all()) {
            if (!source.isEmpty() && property.perSource()) {
                known.add(property.name(source).substring(start.length()));
            }
        }
        if (source.isEmpty()) {
            DebeziumTranslation.names().forEach(known::add);
            known.addAll(WorkerNames.all());
        }
        String near = NearMatch.of(written.substring(start.length()), known);
        return near == null ? REFERENCE : "did you mean \"" + start + near + "\"?";
    }

    private void unknown(String name, String message) {
        problems.add(ErrorCode.CONFIG_UNKNOWN_KEY, Place.property(name), message);
    }

    /** Adds values of all sources, by the names of properties. A value that the user gave counts. */
    void addTranslated(Map<String, Given> translated) {
        translated.forEach(shared::putIfAbsent);
    }

    /**
     * Returns what was given for a source, by the settings' keys.
     *
     * @param source its name; empty for the only source
     */
    Map<String, Given> section(Group group, String source) {
        Map<String, Given> section = new LinkedHashMap<>();
        Map<String, Given> first = own.getOrDefault(source, Map.of());
        for (Property property : Properties.all()) {
            Given given = first.getOrDefault(property.name(), shared.get(property.name()));
            if (property.group() == group && given != null) {
                section.put(property.setting().key(), given);
            }
        }
        return section;
    }
}
