package io.pgcdc.connect.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Problems;
import io.pgcdc.sinks.debezium.option.DebeziumNames;
import io.pgcdc.sinks.debezium.option.DebeziumOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Translates Debezium's properties into ours. With the first one that only Debezium has, its defaults hold: the format, the names of slot and
 * publication, that both are created, and a snapshot at the beginning.
 */
final class DebeziumTranslation {

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
        DebeziumOptions sorted = DebeziumOptions.of(all);
        Map<String, String> own = sorted.others();
        OurProperties ours = new OurProperties(problems);
        sorted.translate(ours, problems);
        ours.given().forEach((name, given) -> {
            if (own.containsKey(name)) {
                problems.add(
                        ErrorCode.CONFIG_CONFLICT,
                        given.origin(),
                        given.label() + " and " + name + " say the same; remove one");
            }
        });
        boolean only = sorted.debezium().keySet().stream().anyMatch(name -> !name.equals(DebeziumNames.SNAPSHOT_MODE));
        if (only) {
            defaults(ours);
        }
        return new Translated(own, ours.given(), ours.broken(), ours.unneeded(), only);
    }

    private static void defaults(OurProperties ours) {
        ours.putDefault("format", "debezium");
        ours.putDefault("source.slot", "debezium");
        ours.putDefault("source.create_slot", "true");
        ours.putDefault("source.publications", "dbz_publication");
        ours.putDefault("source.create_publication", "true");
        ours.putDefault("snapshot.mode", "initial");
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
