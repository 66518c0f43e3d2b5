package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a feed, over HTTP, beside a pipeline under load. */
class FeedTest {

    private static final int KILLS = Soak.count(100, 5_000);
    private static final int ROUNDS = 10;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final long seed = Long.getLong("pgcdc.seed", System.nanoTime());

    @TempDir
    Path directory;

    private HttpResponse<String> get(WatchedPipeline watched, String path) throws Exception {
        return client.send(request(watched, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(WatchedPipeline watched, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + watched.httpPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    @Test
    void aClientThatIsKilledAHundredTimesMissesNothing() throws Exception {
        System.out.println("FeedTest, seed " + seed);
        try (WatchedPipeline watched = new WatchedPipeline(directory)) {
            watched.awaitFirstRound();
            FeedReader killed = new FeedReader(watched.httpPort(), "sink=live", new Random(seed));
            for (int kill = 0; kill < KILLS; kill++) {
                if (kill % (KILLS / ROUNDS) == 0) {
                    watched.round();
                }
                killed.readAndDie();
            }
            watched.awaitRounds(1 + ROUNDS);
            killed.readToTheEnd();
            FeedReader calm = new FeedReader(watched.httpPort(), "sink=live", new Random(seed));
            calm.readToTheEnd();
            assertEquals(calm.records(), killed.records());
            assertEquals(watched.delivered(), calm.records().size(), "changes in the sink, and in the feed");
            watched.round(); // a change, or the next sign of life, finds out that a client is dead
            Await.until(
                    "the clients to be gone",
                    () -> feed(watched).path("clients").asInt() == 0);
            assertTrue(feed(watched).path("changes").asLong() >= calm.records().size());
            watched.requireUnharmed(ROUNDS);
        }
    }

    private JsonNode feed(WatchedPipeline watched) throws Exception {
        return json.readTree(get(watched, "/status").body()).path("feeds").path(0);
    }

    @Test
    void eachRequestIsAnsweredOrRefusedForAReason() throws Exception {
        try (WatchedPipeline watched = new WatchedPipeline(directory)) {
            watched.awaitFirstRound();
            watched.awaitRounds(1);
            refused(watched, 400, "/changes?from=yesterday", "CDC-607", "beginning, now, or the position");
            refused(watched, 400, "/changes?tables=users", "CDC-607", "schema.table");
            refused(watched, 400, "/changes?follow=maybe", "CDC-607", "true or false");
            refused(watched, 400, "/changes?form=now", "CDC-607", "\"form\"; there are follow, from");
            refused(watched, 404, "/changes?sink=out", "CDC-607", "the feeds are: sink=live");
            refused(watched, 404, "/changes?pipeline=none", "CDC-607", "the feeds are: sink=live");
            refused(watched, 409, "/changes?from=FFFF/0:0", "CDC-607", "has not come so far");
            JsonNode gone = refused(watched, 410, "/changes?from=0/1:0", "CDC-409", "the queue holds only");
            String all = get(watched, "/changes?from=beginning&follow=false").body();
            assertEquals(json.readTree(all.lines().findFirst().orElseThrow()).path("position"), gone.path("oldest"));
            lastEventIdCountsMoreThanTheAddress(watched, all.lines().toList());
            aFilterTellsProgress(watched);
            aTailShowsAnySink(watched);
            CommandRun pause = CommandRun.of(List.of(
                    "pause",
                    "--sink",
                    "live",
                    "--queue-dir",
                    directory.resolve("queue").toString()));
            assertTrue(pause.stderr().contains("is a feed, which cannot be"), pause.stderr());
            watched.requireUnharmed(0);
        }
    }

    private JsonNode refused(WatchedPipeline watched, int status, String path, String code, String message)
            throws Exception {
        HttpResponse<String> answer = get(watched, path);
        assertEquals(status, answer.statusCode(), path);
        JsonNode body = json.readTree(answer.body());
        assertEquals(code, body.path("code").asText(), path);
        assertTrue(body.path("message").asText().contains(message), body.toString());
        return body;
    }

    private void lastEventIdCountsMoreThanTheAddress(WatchedPipeline watched, List<String> all) throws Exception {
        String position = json.readTree(all.get(2)).path("position").asText();
        HttpRequest request = request(watched, "/changes?from=beginning&follow=false")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", position)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(
                "text/event-stream", answer.headers().firstValue("Content-Type").orElse(""));
        String next = json.readTree(all.get(3)).path("position").asText();
        assertTrue(
                answer.body().startsWith("retry: 2000\n\nid: " + next + "\ndata: " + all.get(3) + "\n\n"),
                answer.body().lines().limit(4).toList().toString());
    }

    private void aFilterTellsProgress(WatchedPipeline watched) throws Exception {
        String body = get(watched, "/changes?from=beginning&follow=false&progress=true&tables=no.such")
                .body();
        JsonNode only = json.readTree(body);
        assertTrue(only.path("progress").asText().contains("/"), body);
        assertEquals(
                "\n",
                get(
                                watched,
                                "/changes?follow=false&tables=no.such&from="
                                        + only.path("progress").asText())
                        .body());
    }

    private void tail(WatchedPipeline watched, String path, String expected) throws Exception {
        HttpResponse<Stream<String>> tail =
                client.send(request(watched, path).build(), HttpResponse.BodyHandlers.ofLines());
        watched.round();
        try (Stream<String> lines = tail.body()) {
            String first = lines.filter(line -> !line.isEmpty()).findFirst().orElse("");
            assertTrue(first.contains(expected), first);
        }
    }

    private void aTailShowsAnySink(WatchedPipeline watched) throws Exception {
        HttpResponse<Stream<String>> tail = client.send(
                request(watched, "/tail?sink=out&tables=public.probe").build(), HttpResponse.BodyHandlers.ofLines());
        watched.round();
        try (Stream<String> lines = tail.body()) {
            String first = lines.filter(line -> !line.isEmpty()).findFirst().orElse("");
            assertEquals(
                    "probe",
                    json.readTree(first).path("change").path("table_name").asText(),
                    first);
        }
        tail(watched, "/tail?sink=out&tables=public.probe&contains=PROBE", "\"table_name\":\"probe\"");
        assertEquals(404, get(watched, "/tail?sink=none").statusCode());
        assertEquals(400, get(watched, "/tail?sink=out&x=1").statusCode());
        JsonNode tables = json.readTree(get(watched, "/tables").body())
                .path("pipelines")
                .path(0)
                .path("tables");
        assertTrue(tables.findValuesAsText("table").contains("public.probe"), tables.toString());
    }
}
