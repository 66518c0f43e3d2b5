package io.pgcdc.cli.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;
import io.pgcdc.model.TablePattern;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineControl;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.snapshot.SnapshotRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests to a pipeline. Any thread. */
final class ControlRequests {

    /** A request with two values for a field, or with more after its end, is refused: it could be meant otherwise than it is read. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Logger LOG = LoggerFactory.getLogger(ControlRequests.class);

    private static final Set<String> COMMANDS_AT_START = Set.of("status", "snapshots");

    private static final String ID = "id";

    /** The most fields that an error names. */
    private static final int NAMED = 10;

    private final Pipeline pipeline;
    private final Steering steering;
    private final StatusJson status;
    private final TablesJson tables;

    ControlRequests(Pipeline pipeline, StatusJson status, TablesJson tables) {
        this.pipeline = pipeline;
        this.status = status;
        this.tables = tables;
        this.steering = new Steering(pipeline);
    }

    /** A request that is none. Its message says why. */
    private static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;

        Malformed(String why) {
            super(why);
        }
    }

    /** Returns the answer to one line, as one line. */
    String answer(String line) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            answer.put("ok", true);
            execute(read(line), answer);
        } catch (Malformed e) {
            refuse(answer, ErrorCode.CONTROL_REFUSED, "the request " + e.getMessage() + ".");
        } catch (CdcException e) {
            refuse(answer, e.code(), String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            refuse(answer, ErrorCode.CONTROL_REFUSED, e.getMessage() + ".");
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            refuse(answer, ErrorCode.INTERNAL, "defect in pgcdc: " + e + ". Please report this with the log.");
        }
        return answer.toString();
    }

    private static void refuse(ObjectNode answer, ErrorCode code, String message) {
        answer.removeAll();
        answer.put("ok", false);
        answer.put("code", code.toString());
        answer.put("message", message);
    }

    private static JsonNode read(String line) throws Malformed {
        try {
            JsonNode request = JSON.readTree(line);
            if (request.isObject()) {
                return request;
            }
        } catch (JsonProcessingException e) {
            // as for every other text
        }
        throw new Malformed("is not a JSON object");
    }

    private void execute(JsonNode request, ObjectNode answer) throws Malformed {
        String command = text(request, "command");
        Runnable order = order(command, request, answer);
        if (!COMMANDS_AT_START.contains(command)) {
            requireStarted();
        }
        order.run();
    }

    /** Reads the whole request. Returns what it asks for; that puts its result into the answer. */
    private Runnable order(String command, JsonNode request, ObjectNode answer) throws Malformed {
        PipelineControl control = pipeline.control();
        switch (command) {
            case "snapshot" -> {
                requireOnly(request, Set.of("command", "tables", "where", "sinks", "reconcile"));
                SnapshotRequest snapshot = snapshot(request);
                return () -> answer.put(ID, control.snapshot(snapshot));
            }
            case "snapshots" -> {
                requireOnly(request, Set.of("command"));
                return () -> answer.set(
                        "snapshots", SnapshotJson.of(pipeline.status().snapshots(), JSON));
            }
            case "status" -> {
                requireOnly(request, Set.of("command"));
                return () -> answer.set("status", status.read());
            }
            case "tables" -> {
                requireOnly(request, Set.of("command"));
                return () -> answer.set("tables", tables.read());
            }
            case "pause", "resume" -> {
                requireOnly(request, Set.of("command", "sinks"));
                List<String> sinks = texts(request, "sinks");
                return () -> steering.steer(sinks, command.equals("pause"));
            }
            case "retry" -> {
                requireOnly(request, Set.of("command", "sinks"));
                List<String> sinks = texts(request, "sinks");
                return () -> steering.retry(sinks);
            }
            case "replay", "plan-replay" -> {
                requireOnly(request, Set.of("command", "sink", "from", "to", "tables", "reset"));
                ReplayRequest replay = replay(request);
                String sink = text(request, "sink");
                return () -> ReplayJson.put(answer, steering.replay(sink, replay, command.equals("replay")));
            }
            case "cancel-replay" -> {
                requireOnly(request, Set.of("command", "sink"));
                String sink = text(request, "sink");
                return () -> steering.cancelReplay(sink);
            }
            case "pause-snapshot" -> {
                String id = id(request);
                return () -> control.pauseSnapshot(id);
            }
            case "resume-snapshot" -> {
                String id = id(request);
                return () -> control.resumeSnapshot(id);
            }
            case "cancel-snapshot" -> {
                String id = id(request);
                return () -> control.cancelSnapshot(id);
            }
            default ->
                throw new Malformed("has the unknown command " + SettingReader.quote(command)
                        + "; the commands are status, tables, pause, resume, retry, replay, plan-replay, cancel-replay, snapshot,"
                        + " snapshots, pause-snapshot, resume-snapshot and cancel-snapshot");
        }
    }

    private static SnapshotRequest snapshot(JsonNode request) throws Malformed {
        JsonNode where = request.path("where");
        return new SnapshotRequest(
                texts(request, "tables"),
                where.isMissingNode() || where.isNull() ? null : text(request, "where"),
                texts(request, "sinks"),
                flag(request, "reconcile"));
    }

    private void requireStarted() {
        PipelineStatus now = pipeline.status();
        if (now.state() == PipelineStatus.State.NEW || now.state() == PipelineStatus.State.STARTING) {
            throw new IllegalStateException("pipeline " + now.name()
                    + " is starting, and takes no orders yet. See what it waits for: cdc status");
        }
    }

    private static ReplayRequest replay(JsonNode request) throws Malformed {
        try {
            JsonNode to = request.path("to");
            return new ReplayRequest(
                    ReplayPlace.parse(text(request, "from")),
                    to.isMissingNode() || to.isNull() ? null : ReplayPlace.parse(text(request, "to")),
                    texts(request, "tables").stream().map(TablePattern::parse).toList(),
                    flag(request, "reset"));
        } catch (IllegalArgumentException e) {
            throw new Malformed("names a place or a table that is none; write " + e.getMessage());
        }
    }

    private static String id(JsonNode request) throws Malformed {
        requireOnly(request, Set.of("command", ID));
        return text(request, ID);
    }

    private static void requireOnly(JsonNode request, Set<String> fields) throws Malformed {
        Set<String> unknown = new TreeSet<>();
        request.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(fields);
        if (!unknown.isEmpty()) {
            throw new Malformed("has the unknown fields "
                    + unknown.stream().limit(NAMED).map(Printable::start).collect(Collectors.joining(", ")));
        }
    }

    private static String text(JsonNode request, String field) throws Malformed {
        JsonNode value = request.path(field);
        if (!value.isTextual()) {
            throw new Malformed("needs a text \"" + field + "\"");
        }
        return value.textValue();
    }

    private static boolean flag(JsonNode request, String field) throws Malformed {
        JsonNode value = request.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new Malformed("needs true or false in \"" + field + "\"");
        }
        return value.booleanValue();
    }

    private static List<String> texts(JsonNode request, String field) throws Malformed {
        List<String> texts = new ArrayList<>();
        JsonNode value = request.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw new Malformed("needs a list \"" + field + "\"");
        }
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw new Malformed("needs texts in \"" + field + "\"");
            }
            texts.add(element.textValue());
        }
        return texts;
    }
}
