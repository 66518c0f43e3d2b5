package io.pgcdc.servers.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.servers.testing.Await;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface of a Connect worker, as commands (Kafka's documentation, "Kafka Connect", "REST API"). A request that meets a
 * rebalance (status 409) is repeated until it is answered. Any thread.
 *
 * <p>Requests throw a {@link ConnectRestException} if the worker refuses them, and an UncheckedIOException if it cannot be reached.
 */
public final class ConnectRest {

    /** How long a connector may take to be in a state. */
    public static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int NOT_FOUND = 404;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestClient client;

    /** @param worker {@code http://host:port} */
    public ConnectRest(URI worker) {
        this(worker, null);
    }

    /** @param login null: the worker asks for none */
    ConnectRest(URI worker, @Nullable WorkerLogin login) {
        client = new RestClient(worker, login);
    }

    /** Returns true if the worker is a member of its group and answers in time. */
    public boolean isHealthy() {
        try {
            client.askOnce("GET", "/health", null);
            return true;
        } catch (ConnectRestException | UncheckedIOException e) {
            return false; // it starts, or does not listen yet
        }
    }

    /** Returns the plugins of a worker: class, type, version. */
    public JsonNode plugins() {
        return client.ask("GET", "/connector-plugins?connectorsOnly=false", null);
    }

    /**
     * Checks a configuration. Creates no connector.
     *
     * @param config with {@code connector.class}
     * @return the number of errors, and for each setting its value, errors and recommended values
     */
    public JsonNode validate(String connector, Map<String, String> config) {
        Map<String, String> named = new HashMap<>(config);
        named.put("name", connector);
        String plugin = encode(String.valueOf(config.get("connector.class")));
        return client.ask("PUT", "/connector-plugins/" + plugin + "/config/validate", json(named));
    }

    /** Creates a connector, or gives it another configuration. Returns before its tasks run. */
    public JsonNode put(String connector, Map<String, String> config) {
        return client.ask("PUT", path(connector) + "/config", json(config));
    }

    /** Returns the connector's state, and its tasks' states, workers and traces; a missing node if there is none. */
    public JsonNode status(String connector) {
        return askOrMissing(path(connector) + "/status");
    }

    /** Returns id and configuration of each task; a missing node if the connector is unknown. */
    public JsonNode tasks(String connector) {
        return askOrMissing(path(connector) + "/tasks");
    }

    /** Returns the connector's offsets: {@code {"offsets":[{"partition":{…},"offset":{…}}]}}. */
    public JsonNode offsets(String connector) {
        return client.ask("GET", path(connector) + "/offsets", null);
    }

    /** Writes the offset of one source partition. The connector must be stopped. A null offset removes it. */
    public JsonNode alterOffset(String connector, JsonNode partition, @Nullable JsonNode offset) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode offsets = body.putArray("offsets");
        offsets.addObject().<ObjectNode>set("partition", partition).set("offset", offset);
        return alterOffsets(connector, body);
    }

    /** Writes offsets, in the form of {@link #offsets}. The connector must be stopped. */
    public JsonNode alterOffsets(String connector, JsonNode offsets) {
        return client.ask("PATCH", path(connector) + "/offsets", offsets);
    }

    /** Removes all offsets. The connector must be stopped. */
    public JsonNode resetOffsets(String connector) {
        return client.ask("DELETE", path(connector) + "/offsets", null);
    }

    /** Stops the connector: it keeps its offsets, and has no tasks. Returns when that is so. */
    public void stop(String connector) {
        client.ask("PUT", path(connector) + "/stop", null);
        await(
                connector,
                "is stopped",
                status ->
                        state(status).equals("STOPPED") && status.path("tasks").isEmpty());
    }

    /** Stops the tasks' work, but not the tasks. Returns before they pause. */
    public void pause(String connector) {
        client.ask("PUT", path(connector) + "/pause", null);
    }

    /** Resumes a connector that was stopped or paused. Returns before it runs. */
    public void resume(String connector) {
        client.ask("PUT", path(connector) + "/resume", null);
    }

    /** Starts the connector and its tasks anew. Returns when their states are no longer those from before. */
    public void restart(String connector) {
        client.ask("POST", path(connector) + "/restart?includeTasks=true", null);
        await(connector, "is started again", status -> trace(status) == null);
    }

    /** Starts a task anew. */
    public void restartTask(String connector, int task) {
        client.ask("POST", path(connector) + "/tasks/" + task + "/restart", null);
    }

    /** Deletes the connector. Its offsets remain, unless they are reset before. */
    public void delete(String connector) {
        client.ask("DELETE", path(connector), null);
        Await.untilRarely(
                "the end of connector " + connector,
                LONGEST,
                () -> tolerant(connector).isMissingNode());
    }

    /**
     * Waits until the connector and this many tasks run.
     *
     * @throws AssertionError the connector or a task has failed, with its trace; or they do not run in time
     */
    public void awaitRunning(String connector, int tasks) {
        await(connector, "runs with " + tasks + " tasks", status -> {
            refuseFailed(connector, status);
            return state(status).equals("RUNNING") && count(status, "RUNNING") == tasks;
        });
    }

    /** Waits until the connector, or one of its tasks, has failed. Returns the trace. */
    public String awaitFailed(String connector) {
        await(connector, "fails", status -> trace(status) != null);
        return String.valueOf(trace(status(connector)));
    }

    /** A rule that a status can meet. */
    public interface StatusRule {
        boolean holds(JsonNode status);
    }

    /**
     * Waits until the connector's status meets a rule. A worker that does not answer is asked again: others of its group may just
     * have been killed.
     *
     * @param what for messages: what the connector then is
     * @throws AssertionError it does not in time; with the last status
     */
    public void await(String connector, String what, StatusRule rule) {
        try {
            Await.untilRarely(
                    "connector " + connector + " that " + what, LONGEST, () -> rule.holds(tolerant(connector)));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; its status is " + tolerant(connector), e);
        }
    }

    private JsonNode tolerant(String connector) {
        try {
            return status(connector);
        } catch (ConnectRestException | UncheckedIOException e) {
            return MissingNode.getInstance();
        }
    }

    private static void refuseFailed(String connector, JsonNode status) {
        String trace = trace(status);
        if (trace != null) {
            throw new AssertionError("connector " + connector + " has failed: " + trace);
        }
    }

    /** Returns the trace of a failed connector or task, or null if none has failed. */
    private static @Nullable String trace(JsonNode status) {
        if (state(status).equals("FAILED")) {
            return status.path("connector").path("trace").asText();
        }
        for (JsonNode task : status.path("tasks")) {
            if (task.path("state").asText().equals("FAILED")) {
                return "task " + task.path("id").asText() + ": "
                        + task.path("trace").asText();
            }
        }
        return null;
    }

    private static String state(JsonNode status) {
        return status.path("connector").path("state").asText();
    }

    private static int count(JsonNode status, String state) {
        int count = 0;
        for (JsonNode task : status.path("tasks")) {
            count += task.path("state").asText().equals(state) ? 1 : 0;
        }
        return count;
    }

    private JsonNode askOrMissing(String path) {
        try {
            return client.ask("GET", path, null);
        } catch (ConnectRestException e) {
            if (e.status() == NOT_FOUND) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    private static JsonNode json(Map<String, String> config) {
        return JSON.valueToTree(config);
    }

    private static String path(String connector) {
        return "/connectors/" + encode(connector);
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
