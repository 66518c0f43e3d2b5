package io.pgcdc.cli.debezium;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates Debezium's event router: which sink has the events, and which the other tables. */
final class OutboxRouting {

    static final String TYPE = "io.debezium.transforms.outbox.EventRouter";

    private static final String DEFAULT_TABLE = "public.outboxevent";
    private static final String PAYLOAD = "payload_column";

    /** Options that name a column, and our settings. */
    private static final Map<String, String> COLUMNS = Map.of(
            "table.field.event.id", "id_column",
            "table.field.event.key", "aggregate_column",
            "table.field.event.type", "type_column",
            "table.field.event.payload", PAYLOAD,
            "table.field.payload", PAYLOAD,
            "route.by.field", "aggregate_type_column");

    private static final Map<String, String> UNNEEDED = Map.of(
            "predicate", "only rows of the outbox table are events",
            "table.op.invalid.behavior", "changes other than inserted rows are skipped",
            "table.expand.json.payload", "the payload is written as it is: JSON stays JSON",
            "table.json.payload.null.behavior", "the payload is written as it is",
            "route.tombstone.on.empty.payload", "an event without payload is a record without a value",
            "debug.mode", "the log has what happened");

    /** Settings of the other tables' sink that a sink of events has, too. */
    private static final Set<String> SHARED =
            Set.of("properties", "topic_config", "partitions", "replication_factor", "exclude_columns", "mask");

    private static final Pattern WHOLE = Pattern.compile("\\((?:\\?P?<(\\w+)>)?\\.[*+]\\)");

    private final Transform transform;
    private final ConvertedSettings settings;
    private final Notes notes;

    OutboxRouting(Transform transform, ConvertedSettings settings, Notes notes) {
        this.transform = transform;
        this.settings = settings;
        this.notes = notes;
    }

    /** Returns the settings of the sink of events. Leaves those of the other tables in the sink's; if there are none, nothing. */
    Map<String, Line> sink() {
        Map<String, Line> own = new LinkedHashMap<>();
        own.put("format", Line.text("outbox", transform.name()));
        own.put("outbox_preset", Line.text("debezium", ""));
        boolean others = table(own);
        transform.options().forEach((name, option) -> {
            String column = COLUMNS.get(name);
            if (column != null) {
                own.put(column, Line.text(option.text().strip(), option.written()));
            } else if (UNNEEDED.containsKey(name)) {
                notes.unneeded(option.written(), UNNEEDED.getOrDefault(name, ""));
            } else if (!name.startsWith("route.topic.")) {
                notes.lacking(option.written(), instead(name));
            }
        });
        topic(own);
        settings.sink().forEach((key, line) -> {
            if (SHARED.contains(key)) {
                own.put(key, line);
            } else if (!others && !line.from().isEmpty() && !key.equals("tables")) {
                notes.unneeded(line.from(), "a record of an event is only its payload");
            }
        });
        if (!others) {
            settings.sink().clear();
        }
        return own;
    }

    private static String instead(String name) {
        return switch (name) {
            case "table.fields.additional.placement" ->
                "a record has the event's payload, and its id in a header; write the columns into the payload";
            case "table.field.event.timestamp" -> "a record has the time at which Kafka got it";
            case "negate" -> "only rows of the outbox table are events";
            default -> "a record is only the event's payload, with its id in a header";
        };
    }

    /** Finds the outbox table. Returns true if other tables are left. */
    private boolean table(Map<String, Line> own) {
        Line tables = settings.take("tables");
        List<String> names = tables == null ? List.of() : tables.texts();
        List<String> outboxes = names.size() == 1
                ? names
                : names.stream().filter(name -> name.contains("outbox")).toList();
        boolean found = outboxes.size() == 1 && !outboxes.get(0).endsWith(".*");
        if (!found) {
            notes.lacking(
                    transform.name(),
                    "the outbox table: the options do not say which it is; correct outbox_table, here Debezium's default");
        }
        String table = found ? outboxes.get(0) : DEFAULT_TABLE;
        own.put("outbox_table", Line.text(table, tables == null ? "" : tables.from()));
        List<String> others = new ArrayList<>(names);
        others.remove(table);
        if (tables != null && !others.isEmpty() && found) {
            settings.sink().put("tables", Line.list(others, tables.from()));
            return true;
        }
        return false;
    }

    private void topic(Map<String, Line> own) {
        String regex = transform.text("route.topic.regex", "(?<routedByValue>.*)");
        String replacement = transform.text("route.topic.replacement", "outbox.event.${routedByValue}");
        Matcher whole = WHOLE.matcher(regex);
        String label = transform.name() + ".route.topic.*";
        if (!whole.matches()) {
            notes.lacking(label, "the expression takes a part of the value; write event_topic with ${aggregate_type}");
            return;
        }
        String topic = replacement.replace("$1", "${aggregate_type}");
        if (whole.group(1) != null) {
            topic = topic.replace("${" + whole.group(1) + "}", "${aggregate_type}");
        }
        own.put(
                "event_topic",
                Line.text(
                        topic,
                        transform.options().keySet().stream().anyMatch(n -> n.startsWith("route.topic."))
                                ? label
                                : ""));
    }
}
