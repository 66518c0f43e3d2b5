package io.pgcdc.cli.debezium;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives options the names that Kafka Connect and today's Debezium have: without Debezium Server's prefixes, and no former names. */
final class OptionNames {

    private static final String SERVER = "debezium.";
    private static final String SERVER_SOURCE = "debezium.source.";
    private static final String SERVER_PRODUCER = "debezium.sink.kafka.producer.";
    private static final String FORMAT = "debezium.format.";

    /** Prefixes of Debezium Server whose options Kafka Connect has without it. */
    private static final List<String> SAME = List.of("debezium.transforms", "debezium.predicates");

    private static final Map<String, String> FORMER = Map.ofEntries(
            Map.entry("database.server.name", "topic.prefix"),
            Map.entry("table.whitelist", "table.include.list"),
            Map.entry("table.blacklist", "table.exclude.list"),
            Map.entry("schema.whitelist", "schema.include.list"),
            Map.entry("schema.blacklist", "schema.exclude.list"),
            Map.entry("column.whitelist", "column.include.list"),
            Map.entry("column.blacklist", "column.exclude.list"),
            Map.entry("toasted.value.placeholder", "unavailable.value.placeholder"),
            Map.entry("slot.drop_on_stop", "slot.drop.on.stop"),
            Map.entry("transaction.topic", "topic.transaction"));

    private OptionNames() {}

    /**
     * Returns the options by name, in the given order. An option under its former name counts only without one under today's.
     *
     * @param notes gets those that do not count
     */
    static Map<String, Option> of(List<Option> given, Notes notes) {
        Map<String, Option> named = new LinkedHashMap<>();
        List<Option> former = new ArrayList<>();
        for (Option option : given) {
            String name = ofServer(option.name());
            String today = FORMER.get(name == null ? option.name() : name);
            if (today != null) {
                former.add(option.named(today));
            } else {
                named.put(name == null ? option.name() : name, option.named(name == null ? option.name() : name));
            }
        }
        for (Option option : former) {
            if (named.putIfAbsent(option.name(), option) != null) {
                notes.unneeded(option.written(), option.name() + " has its place since Debezium 2");
            }
        }
        return named;
    }

    /** Returns true if the options are those of Debezium Server. */
    static boolean areOfServer(List<Option> given) {
        return given.stream().anyMatch(option -> option.name().startsWith(SERVER_SOURCE));
    }

    /** Returns null for a name that is not Debezium Server's, or that Connect has no name for. */
    private static @Nullable String ofServer(String name) {
        if (name.startsWith(SERVER_SOURCE)) {
            return name.substring(SERVER_SOURCE.length());
        }
        if (name.startsWith(SERVER_PRODUCER)) {
            return WorkerSettings.PRODUCER + name.substring(SERVER_PRODUCER.length());
        }
        if (SAME.stream().anyMatch(name::startsWith)) {
            return name.substring(SERVER.length());
        }
        return switch (name) {
            case FORMAT + "key" -> "key.converter";
            case FORMAT + "value" -> "value.converter";
            case FORMAT + "schemas.enable", FORMAT + "value.schemas.enable" -> "value.converter.schemas.enable";
            case FORMAT + "key.schemas.enable" -> "key.converter.schemas.enable";
            default -> null;
        };
    }
}
