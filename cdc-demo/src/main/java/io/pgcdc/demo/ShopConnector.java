package io.pgcdc.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.demo.server.DemoWorker;
import io.pgcdc.servers.connect.ConnectRestException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The connector of the demo: its configuration, and what the worker says of it. */
final class ShopConnector {

    static final String NAME = "shop";
    static final String PREFIX = "shop";

    /** In the text of a snapshot's ledger. */
    private static final Pattern PHASE = Pattern.compile("phase (\\w+)");

    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private final DemoWorker worker;

    ShopConnector(DemoWorker worker) {
        this.worker = worker;
    }

    /** Creates the connector. The worker then starts it. */
    void put(String url) {
        worker.rest().put(NAME, config(url));
    }

    private Map<String, String> config(String url) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("connector.class", "io.pgcdc.connect.PostgresSourceConnector");
        config.put("tasks.max", "1");
        config.put("source.url", url);
        config.put("source.password", worker.password());
        config.put("source.slot", Shop.SLOT);
        config.put("source.create_slot", "true");
        config.put("source.publications", String.join(",", Shop.PUBLICATIONS));
        config.put("snapshot.mode", "initial");
        config.put("prefix", PREFIX);
        config.put("message_topic", PREFIX + ".message");
        config.put("heartbeat_record_interval_ms", "500");
        // JSON as bytes costs least: no Structs, and no work for the converters
        config.put("values", "bytes");
        config.put("key.converter", BYTES);
        config.put("value.converter", BYTES);
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        // the broker creates no topics
        config.put("topic.creation.default.partitions", "1");
        config.put("topic.creation.default.replication.factor", "1");
        return config;
    }

    /** Returns why the connector or its task has failed, in one line; null: neither has. */
    @Nullable
    String failure() {
        try {
            JsonNode status = worker.rest().status(NAME);
            for (JsonNode task : status.path("tasks")) {
                if (isFailed(task)) {
                    return firstLine(task);
                }
            }
            return isFailed(status.path("connector")) ? firstLine(status.path("connector")) : null;
        } catch (ConnectRestException | UncheckedIOException e) {
            return null; // the worker starts, or was killed
        }
    }

    private static boolean isFailed(JsonNode part) {
        return part.path("state").asText().equals("FAILED");
    }

    private static String firstLine(JsonNode part) {
        return part.path("trace").asText().lines().findFirst().orElse("no trace");
    }

    /** Returns the committed offsets, a line each of at most 79 characters: the server, the stream, the snapshot. */
    List<String> offsets() {
        String server = "";
        String stream = "";
        String snapshot = "";
        for (JsonNode each : worker.rest().offsets(NAME).path("offsets")) {
            JsonNode partition = each.path("partition");
            JsonNode offset = each.path("offset");
            if (partition.has("source")) {
                server = "system " + offset.path("system").asText() + ", database "
                        + offset.path("database").asText() + ", slot "
                        + partition.path("slot").asText();
            } else if (!partition.has("snapshot")) {
                stream = "position " + offset.path("position").asText() + ", acknowledged "
                        + offset.path("acknowledged").asText();
            } else if (!partition.has("table")) {
                Matcher phase = PHASE.matcher(offset.path("ledger").asText());
                snapshot = partition.path("snapshot").asText() + ", "
                        + (phase.find() ? phase.group(1).toLowerCase(Locale.ROOT) : "begun");
            }
        }
        return List.of("server     " + server, "stream     " + stream, "snapshot   " + snapshot);
    }

    /** Returns commands that ask the worker. They work while the demo runs. */
    List<String> commands() {
        String curl = "curl -sK " + worker.curlFile() + " ";
        String connector = worker.address() + "/connectors/" + NAME;
        return List.of(
                curl + connector + "/status",
                curl + connector + "/offsets",
                curl + "-X PUT " + connector + "/pause",
                curl + "-X PUT " + connector + "/resume",
                curl + worker.address() + "/connector-plugins/PostgresSourceConnector/config");
    }
}
