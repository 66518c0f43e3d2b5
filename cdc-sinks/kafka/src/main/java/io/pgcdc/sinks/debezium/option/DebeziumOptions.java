package io.pgcdc.sinks.debezium.option;

import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's options among others, and their translation. Immutable.
 *
 * @param debezium by name, in order
 * @param others what is not Debezium's, in the given order
 */
public record DebeziumOptions(Map<String, String> debezium, Map<String, String> others) {

    /** Options whose values are the beginnings of further names. */
    private static final List<String> PARENTS = List.of("converters", "post.processors");

    private static final String OF_SERVER = "database.";

    /** Sorts options. Those of custom converters and post-processors are left out: their parents have the answer. */
    public static DebeziumOptions of(Map<String, String> all) {
        Map<String, String> others = new LinkedHashMap<>();
        Map<String, String> debezium = new TreeMap<>();
        List<String> children = PARENTS.stream()
                .flatMap(parent -> SettingType.split(all.getOrDefault(parent, "")).stream())
                .filter(child -> !child.isEmpty())
                .map(child -> child + ".")
                .toList();
        all.forEach((name, text) -> {
            if (DebeziumNames.answer(name) != null) {
                debezium.put(name, text);
            } else if (children.stream().noneMatch(name::startsWith)) {
                others.put(name, text);
            }
        });
        return new DebeziumOptions(debezium, others);
    }

    /**
     * Translates Debezium's options.
     *
     * @param problems gets those of the server's address; the others are told to {@code ours}
     */
    public void translate(MeantSettings ours, Problems problems) {
        debezium.forEach((name, text) -> translate(name, text, ours));
        DebeziumAddress.translate(debezium, ours, problems);
        DebeziumTables.translate(debezium, ours);
        DebeziumTopics.translate(debezium, ours);
    }

    private static void translate(String name, String text, MeantSettings ours) {
        DebeziumAnswer answer = DebeziumNames.answer(name);
        if (answer instanceof DebeziumAnswer.Equal equal) {
            ours.put(equal.property(), name, text);
        } else if (answer instanceof DebeziumAnswer.Fixed fixed) {
            if (!fixed.values().contains(text.strip())) {
                ours.differs(name, text, fixed);
            }
        } else if (answer instanceof DebeziumAnswer.Unneeded unused) {
            ours.unneeded(name, unused.why());
        } else if (answer instanceof DebeziumAnswer.Refused refused) {
            ours.lacks(name, refused.advice(), near(name));
        }
    }

    /** Returns the name that a mistyped name of an option of the server probably means, or null. */
    private static @Nullable String near(String name) {
        if (!name.startsWith(OF_SERVER) || DebeziumNames.names().contains(name)) {
            return null;
        }
        List<String> known = DebeziumNames.names().stream()
                .filter(other -> other.startsWith(OF_SERVER))
                .map(other -> other.substring(OF_SERVER.length()))
                .toList();
        String near = NearMatch.of(name.substring(OF_SERVER.length()), known);
        return near == null ? null : OF_SERVER + near;
    }
}
