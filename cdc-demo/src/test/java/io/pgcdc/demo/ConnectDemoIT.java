package io.pgcdc.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.testkit.process.CdcProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cdc demo --connect} with real processes: server, broker and worker. */
class ConnectDemoIT {

    private static final Pattern CURL = Pattern.compile("(?m)^curl -sK (\\S+) (-X PUT )?(http://\\S+)$");
    private static final Pattern LOGIN = Pattern.compile("user = \"([^\"]+)\"");
    private static final Pattern KILL = Pattern.compile("(?m)^-- kill -9 (\\d+) kills the worker");
    private static final Pattern AGAIN = Pattern.compile("(?m)^-- a worker runs again \\(process (\\d+)\\)");
    private static final Pattern CHANGE = Pattern.compile("\\{\"position\":\"[^\"]+\",\"change_type\":\"([A-Z]+)\"");
    private static final Pattern STREAM =
            Pattern.compile("(?m)^ +stream +position [0-9A-F]+/\\S+, acknowledged ([0-9A-F]+/[0-9A-F]+)$");
    private static final Pattern SLOT =
            Pattern.compile("(?m)^-- the slot follows it: its confirmed_flush_lsn is ([0-9A-F]+/[0-9A-F]+)$");

    /** Three JVMs and a server start, and one of them twice. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void eachChangeComesOnceAlthoughTheWorkerIsKilled() throws Exception {
        try (CdcProcess demo = CdcProcess.demo(directory, "--connect", "--keep-running")) {
            demo.await("the demo's end", LONGEST, () -> demo.stderr().contains("-- Ctrl-C ends the demo\n"));
            String story = demo.stderr();
            List<String> changes = all(CHANGE, Files.readString(demo.stdout())).stream()
                    .map(MatchResult::group)
                    .toList();
            assertEquals(changes.stream().distinct().toList(), changes);
            // the change of a key is a DELETE and an INSERT
            assertTrue(story.contains("-- done: " + (changes.size() - 1) + " rows and changes, each once"), story);
            assertEquals(2, changes.stream().filter(c -> c.endsWith("\"READ\"")).count());
            assertEquals(one(STREAM, story), one(SLOT, story));
            assertTrue(story.contains("\n     snapshot   initial, finished\n"), story);
            List<String> tooLong = story.lines()
                    .filter(line -> line.startsWith("-- ") || line.startsWith(" "))
                    .filter(line -> line.length() > 79)
                    .toList();
            assertEquals(List.of(), tooLong);
            List<MatchResult> commands = all(CURL, story);
            assertEquals(5, commands.size(), story);
            for (MatchResult command : commands) {
                String method = command.group(2) == null ? "GET" : "PUT";
                assertEquals(401, ask(method, command.group(3), "demo:guess").statusCode());
                String login = one(LOGIN, Files.readString(Path.of(command.group(1))));
                HttpResponse<String> answer = ask(method, command.group(3), login);
                assertEquals(2, answer.statusCode() / 100, answer::body);
            }
            String worker = one(KILL, story);
            assertEquals(worker, one(AGAIN, story), "the first worker was killed");
            ProcessHandle.of(Long.parseLong(worker)).orElseThrow().destroyForcibly();
            Supplier<String> last = () -> {
                List<MatchResult> again = all(AGAIN, demo.stderr());
                return again.get(again.size() - 1).group(1);
            };
            demo.await("another worker", () -> !last.get().equals(worker));
            demo.terminate();
            assertEquals(0, demo.awaitExit(), demo.stderr());
            assertFalse(
                    ProcessHandle.of(Long.parseLong(last.get()))
                            .map(ProcessHandle::isAlive)
                            .orElse(false),
                    "the worker ends with the demo");
        }
    }

    @Test
    void optionsOfTheDemosOwnSinkAreRefused() throws Exception {
        try (CdcProcess demo = CdcProcess.demo(directory, "--connect", "--sink", "kafka")) {
            assertEquals(2, demo.awaitExit(), demo.stderr());
            assertTrue(demo.stderr().contains("remove --sink"), demo.stderr());
        }
    }

    private static HttpResponse<String> ask(String method, String address, String login) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<MatchResult> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    private static String one(Pattern pattern, String text) {
        List<MatchResult> found = all(pattern, text);
        assertEquals(1, found.size(), text);
        return found.get(0).group(1);
    }
}
