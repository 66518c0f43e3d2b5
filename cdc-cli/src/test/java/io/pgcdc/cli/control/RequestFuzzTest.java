package io.pgcdc.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.feed.FeedClients;
import io.pgcdc.cli.fuzz.Fuzz;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.pipeline.LocalSinkContext;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkMetrics;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests, damaged, to a pipeline that has not started: each is read to its end, then refused, or answered. {@code AbuseTest} does the same
 * to one that runs.
 */
class RequestFuzzTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> REQUESTS = List.of(
            "{\"command\":\"status\"}",
            "{\"command\":\"snapshots\"}",
            "{\"command\":\"pause\",\"sinks\":[\"out\"]}",
            "{\"command\":\"resume\",\"sinks\":[]}",
            "{\"command\":\"retry\",\"sinks\":[\"out\",\"other\"]}",
            "{\"command\":\"plan-replay\",\"sink\":\"out\",\"from\":\"2026-01-01T00:00:00Z\",\"to\":null,\"tables\":[\"public.probe\"],\"reset\":false}",
            "{\"command\":\"replay\",\"sink\":\"out\",\"from\":\"0/16B3748:0\",\"to\":\"0/16B3749:r1@3\",\"tables\":[\"a.*\"],\"reset\":true}",
            "{\"command\":\"cancel-replay\",\"sink\":\"out\"}",
            "{\"command\":\"snapshot\",\"tables\":[\"public.users\"],\"where\":\"id = 1\",\"sinks\":[\"out\"],\"reconcile\":true}",
            "{\"command\":\"cancel-snapshot\",\"id\":\"mx1v6r6e\"}");

    @TempDir
    Path directory;

    private ControlRequests requests() {
        Flags flags = new Flags(
                "host=localhost",
                "s",
                List.of("p"),
                "q",
                List.of("stdout"),
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null);
        PipelineConfig config = ConfigLoader.load(
                        null,
                        flags,
                        new Environment(Map.of(), "osuser", directory, directory),
                        Map.of("stdout", new StdoutSinkProvider()))
                .one()
                .pipeline();
        Sink sink = new StdoutSinkProvider()
                .create(
                        LocalSinkContext.of(config, "stdout", SinkMetrics.NONE),
                        config.sinks().get(0).settings());
        Pipeline pipeline = new Pipeline(config, Map.of("stdout", sink));
        return new ControlRequests(
                pipeline,
                new StatusJson(pipeline, config, List::of, new FeedClients(), Instant.now(), new ObjectMapper()),
                new TablesJson("shop", pipeline, Instant.now()));
    }

    private static void take(ControlRequests requests, String line) throws Exception {
        JsonNode answer = JSON.readTree(requests.answer(line));
        if (!answer.path("ok").asBoolean()) {
            String said = answer.path("code").asText();
            ErrorCode code = Arrays.stream(ErrorCode.values())
                    .filter(known -> known.toString().equals(said))
                    .findAny()
                    .orElseThrow();
            throw new SourceException(code, answer.path("message").asText());
        }
    }

    @Test
    void requestsAreReadOrRefused() throws Exception {
        ControlRequests requests = requests();
        Fuzz.play(
                "requests",
                REQUESTS,
                Soak.count(2_000, 80_000),
                (text, random) -> take(requests, text.replace('\n', ' ')));
    }

    /** A request that is none is refused as such, even while nothing can be ordered. */
    @Test
    void aRequestIsReadBeforeTheStartIsAwaited() throws Exception {
        JsonNode answer = JSON.readTree(requests().answer("{\"command\":\"pause\",\"sinks\":\"out\"}"));
        assertEquals(
                "the request needs a list \"sinks\".", answer.path("message").asText());
    }
}
