package io.pgcdc.sinks.debezium.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates Debezium's properties of records, topics and heartbeats whose values have another form here. */
final class DebeziumTopics {

    private static final String PREFIX = "topic.prefix";
    private static final String METADATA = "provide.transaction.metadata";
    private static final String METADATA_TOPIC = "topic.transaction";
    private static final String SKIPPED = "skipped.operations";
    private static final String BINARY = "binary.handling.mode";
    private static final String HEARTBEAT_MS = "heartbeat.interval.ms";
    private static final String QUEUE_BYTES = "max.queue.size.in.bytes";
    private static final List<String> HEARTBEAT_TOPIC = List.of("topic.heartbeat.prefix", "heartbeat.topics.prefix");

    private static final Map<String, String> OPERATIONS =
            Map.of("c", "insert", "u", "update", "d", "delete", "t", "truncate");
    private static final Map<String, String> SNAPSHOTS =
            Map.of("initial_only", "only", "no_data", "never", "schema_only", "never");
    private static final Set<String> OTHER_SNAPSHOTS = Set.of(
            "always", "when_needed", "configuration_based", "custom", "recovery", "exported", "initial_schema_only");

    private final Map<String, String> properties;
    private final MeantSettings ours;

    private DebeziumTopics(Map<String, String> properties, MeantSettings ours) {
        this.properties = properties;
        this.ours = ours;
    }

    static void translate(Map<String, String> properties, MeantSettings ours) {
        DebeziumTopics topics = new DebeziumTopics(properties, ours);
        topics.snapshot();
        topics.skipped();
        topics.binary();
        topics.transactions();
        topics.heartbeats();
        topics.memory();
    }

    private @Nullable String text(String name) {
        String text = properties.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private void snapshot() {
        String mode = text(DebeziumNames.SNAPSHOT_MODE);
        if (mode == null) {
            return;
        }
        if (OTHER_SNAPSHOTS.contains(mode)) {
            ours.refuse(
                    "snapshot.mode",
                    DebeziumNames.SNAPSHOT_MODE,
                    mode,
                    "write initial (rows, then changes), only (rows) or never (changes)");
        } else {
            ours.put("snapshot.mode", DebeziumNames.SNAPSHOT_MODE, SNAPSHOTS.getOrDefault(mode, mode));
        }
    }

    private void skipped() {
        String text = text(SKIPPED);
        if (text == null) {
            return;
        }
        List<String> kinds = new ArrayList<>();
        for (String operation : text.split(",", -1)) {
            String kind = OPERATIONS.get(operation.strip());
            if (kind != null) {
                kinds.add(kind);
            } else if (!text.equals("none")) {
                ours.refuse("skip", SKIPPED, text, "write c, u, d and t, with commas between them, or none");
                return;
            }
        }
        ours.put("skip", SKIPPED, kinds);
    }

    private void binary() {
        String mode = text(BINARY);
        if (mode != null) {
            ours.put("binary_handling_mode", BINARY, mode.equals("base64-url-safe") ? "base64_url_safe" : mode);
        }
    }

    private void transactions() {
        String metadata = text(METADATA);
        if (metadata == null || metadata.equals("false")) {
            return;
        }
        String name = text(METADATA_TOPIC);
        if (!metadata.equals("true")) {
            ours.refuse("transaction_topic", METADATA, metadata, "write true or false");
        } else {
            withPrefix("transaction_topic", METADATA, "", "." + (name == null ? "transaction" : name));
        }
    }

    private void heartbeats() {
        String ms = text(HEARTBEAT_MS);
        if (ms != null && !ms.equals("0")) { // without heartbeats, the position of an idle source would not move
            ours.put("heartbeat_record_interval_ms", HEARTBEAT_MS, ms);
        }
        for (String name : HEARTBEAT_TOPIC) {
            String start = text(name);
            if (start != null) {
                withPrefix("heartbeat_topic", name, start + ".", "");
            }
        }
    }

    private void memory() {
        String bytes = text(QUEUE_BYTES);
        if (bytes != null && !bytes.equals("0")) {
            ours.put("memory_bytes", QUEUE_BYTES, bytes);
        }
    }

    /** Names a topic that contains the prefix. If there is no prefix, that is the problem. */
    private void withPrefix(String name, String from, String before, String after) {
        String prefix = text(PREFIX);
        if (prefix == null) {
            ours.broken(name);
        } else {
            ours.put(name, from, before + prefix + after);
        }
    }
}
