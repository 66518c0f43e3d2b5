package io.pgcdc.connect.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Translates Debezium's properties into ours. With the first one that only Debezium has, its defaults hold: the format, the names of slot and
 * publication, that both are created, and a snapshot at the beginning.
 */
final class DebeziumTranslation {

    /** Properties whose values are the beginnings of further names. */
    private static final List<String> PARENTS = List.of("converters", "post.processors");

    private DebeziumTranslation() {}

    /**
     * The connector's properties, without Debezium's.
     *
     * @param own those that the user wrote
     * @param given what Debezium's mean, by the name of our property
     * @param broken properties of ours for which Debezium's has a problem
     * @param unneeded Debezium's names that have no effect, each with the reason
     * @param debezium true if the user writes Debezium's names
     */
    record Translated(
            Map<String, String> own,
            Map<String, Given> given,
            Set<Property> broken,
            List<String> unneeded,
            boolean debezium) {

        /**
         * Returns the name that the user should write.
         *
         * @param source empty for the only one
         */
        String name(Property property, String source) {
            if (!source.isEmpty()) {
                return property.name(source);
            }
            return debezium ? DebeziumNames.of(property.name()) : property.name();
        }
    }

    /** Translates. Adds a problem for each property that has no equal, at that property. */
    static Translated of(Map<String, String> all, Problems problems) {
        Map<String, String> own = new LinkedHashMap<>();
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
                own.put(name, text);
            }
        });
        OurProperties ours = new OurProperties(problems);
        List<String> unneeded = new ArrayList<>();
        debezium.forEach((name, text) -> translate(name, text, ours, problems, unneeded));
        DebeziumAddress.translate(debezium, ours, problems);
        DebeziumTables.translate(debezium, ours);
        DebeziumTopics.translate(debezium, ours);
        ours.given().forEach((name, given) -> {
            if (own.containsKey(name)) {
                problems.add(
                        ErrorCode.CONFIG_CONFLICT,
                        given.origin(),
                        given.label() + " and " + name + " say the same; remove one");
            }
        });
        boolean only = debezium.keySet().stream().anyMatch(name -> !name.equals(DebeziumNames.SNAPSHOT_MODE));
        if (only) {
            defaults(ours);
        }
        return new Translated(own, ours.given(), ours.broken(), unneeded, only);
    }

    private static void defaults(OurProperties ours) {
        ours.putDefault("format", "debezium");
        ours.putDefault("source.slot", "debezium");
        ours.putDefault("source.create_slot", "true");
        ours.putDefault("source.publications", "dbz_publication");
        ours.putDefault("source.create_publication", "true");
        ours.putDefault("snapshot.mode", "initial");
    }

    private static void translate(
            String name, String text, OurProperties ours, Problems problems, List<String> unneeded) {
        DebeziumAnswer answer = DebeziumNames.answer(name);
        if (answer instanceof DebeziumAnswer.Equal equal) {
            ours.put(equal.property(), name, text);
        } else if (answer instanceof DebeziumAnswer.Fixed fixed) {
            if (!fixed.values().contains(text.strip())) {
                problems.add(
                        ErrorCode.CONFIG_BAD_VALUE,
                        Place.property(name),
                        name + " is " + SettingReader.quote(text) + ", and here always "
                                + String.join(" or ", fixed.values()) + "; " + fixed.advice());
            }
        } else if (answer instanceof DebeziumAnswer.Unneeded unused) {
            unneeded.add(name + " has no effect: " + unused.why());
        } else if (answer instanceof DebeziumAnswer.Refused refused) {
            String near = near(name);
            problems.add(
                    ErrorCode.CONFIG_UNKNOWN_KEY,
                    Place.property(name),
                    name + " has no equal in this connector; "
                            + (near == null ? refused.advice() : "did you mean \"" + near + "\"?"));
        }
    }

    /** Returns the name that a mistyped name of a property of the server probably means, or null. */
    private static @Nullable String near(String name) {
        String start = "database.";
        if (!name.startsWith(start) || DebeziumNames.names().contains(name)) {
            return null;
        }
        List<String> known = DebeziumNames.names().stream()
                .filter(other -> other.startsWith(start))
                .map(other -> other.substring(start.length()))
                .toList();
        String near = NearMatch.of(name.substring(start.length()), known);
        return near == null ? null : start + near;
    }

    /** Returns all names of properties that are ours or mean one of ours. */
    static Stream<String> names() {
        return Stream.concat(
                Properties.all().stream().map(Property::name),
                DebeziumNames.all().entrySet().stream()
                        .filter(e -> e.getValue().property() != null)
                        .map(Map.Entry::getKey));
    }
}
