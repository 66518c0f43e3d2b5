package io.pgcdc.connect.config;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.debezium.option.DebeziumAnswer;
import io.pgcdc.sinks.debezium.option.DebeziumNames;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes {@code docs/reference/connect-properties.md} from the properties themselves, and Debezium's names with what each means here. */
final class PropertyReference {

    private static final String HEAD = """
            # Properties of the Kafka Connect connector

            <!-- Generated from the properties in the code. Do not edit; PropertyReferenceTest tells how to generate it. -->

            These are the properties of `io.pgcdc.connect.PostgresSourceConnector`. [connect.md](../how-to/connect.md) shows how to use them. An unknown
            property is an error, and a validation reports all problems at once. Kafka Connect reads some more properties for every source
            connector: converters, transforms, `topic.creation.*`, `errors.*`, `exactly.once.support`, `transaction.boundary`.

            A list is one text with commas. With several sources, `sources=orders,users`, each property also exists for one of them:
            `sources.orders.slot` for `source.slot`, `sources.orders.snapshot.mode` for `snapshot.mode`.
            """;

    private static final String DEBEZIUM = """

            ## Debezium's names

            The connector also reads the properties of Debezium's PostgreSQL connector, so that its configuration needs few changes. With the
            first of these names, Debezium's defaults hold: `format=debezium`, `source.slot=debezium`, `source.publications=dbz_publication`,
            slot and publication are created if they are missing, and `snapshot.mode=initial`.

            """;

    private static final Map<Group, String> TITLES = Map.of(
            Group.SOURCE, "`source.`: the database to read from",
            Group.SNAPSHOT, "`snapshot.`: the rows that exist",
            Group.RECORDS, "Records",
            Group.ROUTING, "Which changes become records",
            Group.CONNECTOR, "The connector");

    private final StringBuilder out = new StringBuilder(HEAD);

    private PropertyReference() {}

    static String generate() {
        PropertyReference reference = new PropertyReference();
        for (Group group : Group.values()) {
            if (group != Group.DEBEZIUM) {
                reference.group(group);
            }
        }
        reference.debezium();
        return reference.out.toString();
    }

    private void group(Group group) {
        out.append("\n## ").append(TITLES.get(group)).append("\n\n");
        out.append("| property | type | default | limits | meaning |\n|---|---|---|---|---|\n");
        for (Property property : Properties.all()) {
            if (property.group() == group) {
                Setting<?> setting = property.setting();
                row(
                        code(property.name()),
                        setting.type().name(),
                        fallback(setting),
                        setting.type().limits(),
                        property.doc());
            }
        }
    }

    private static String fallback(Setting<?> setting) {
        Object value = setting.defaultValue();
        if (value instanceof SettingType.ShownPairs pairs && pairs.shown().isEmpty()) {
            return "none";
        }
        if (List.of().equals(value)) {
            return "empty";
        }
        if (value != null) {
            return code(String.join(", ", SettingType.print(value)));
        }
        return setting.required() ? "required" : "not set";
    }

    private void debezium() {
        Map<String, String> means = new TreeMap<>();
        Map<String, String> ignored = new TreeMap<>();
        Map<String, String> refused = new TreeMap<>();
        DebeziumNames.all().forEach((name, answer) -> {
            if (answer instanceof DebeziumAnswer.Equal equal) {
                means.put(name, code(equal.property()) + ", with the same values");
            } else if (answer instanceof DebeziumAnswer.Translated translated) {
                means.put(name, code(translated.property()) + ", translated");
            } else if (answer instanceof DebeziumAnswer.Fixed fixed) {
                means.put(
                        name,
                        "only "
                                + String.join(
                                        " or ",
                                        fixed.values().stream()
                                                .map(PropertyReference::code)
                                                .toList()) + "; otherwise: " + fixed.advice());
            } else if (answer instanceof DebeziumAnswer.Unneeded unneeded) {
                ignored.put(name, unneeded.why());
            } else if (answer instanceof DebeziumAnswer.Refused no) {
                refused.put(name, no.advice());
            }
        });
        out.append(DEBEZIUM);
        table("Debezium's property", "here", means);
        out.append("\nThese are accepted and have no effect. The log says so at the start:\n\n");
        table("Debezium's property", "why", ignored);
        out.append("\nThese are refused:\n\n");
        table("Debezium's property", "what to do", refused);
    }

    private void table(String first, String second, Map<String, String> rows) {
        out.append("| ").append(first).append(" | ").append(second).append(" |\n|---|---|\n");
        rows.forEach((name, text) -> row(code(name), text));
    }

    private static String code(@Nullable String name) {
        return "`" + name + "`";
    }

    private void row(String... cells) {
        for (String cell : cells) {
            out.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        out.append("|\n");
    }
}
