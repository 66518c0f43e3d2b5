package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.testing.Soak;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline works on, and answers, whatever is sent to its control socket and over HTTP. The soak sends a million requests to each. */
class AbuseTest {

    private static final int CONTROL_REQUESTS =
            Integer.getInteger("pgcdc.control.requests", Soak.count(300, 1_000_000));
    private static final int HTTP_REQUESTS = Integer.getInteger("pgcdc.http.requests", Soak.count(300, 1_000_000));
    private static final int ROUNDS = 20;
    private static final int SLOW_CLIENTS = 60;
    private static final long LATEST_MS = 3_000;

    private final long seed = Long.getLong("pgcdc.seed", System.nanoTime());

    @TempDir
    Path directory;

    private interface Request {
        void send() throws IOException;
    }

    /** Sends requests, and has changes made meanwhile. */
    private void abuse(WatchedPipeline watched, int requests, Request request) throws Exception {
        for (int i = 0; i < requests; i++) {
            if (i % Math.max(1, requests / ROUNDS) == 0) {
                watched.round();
            }
            watched.rethrow();
            request.send();
        }
    }

    @Test
    void garbageOnTheControlSocketChangesNothing() throws Exception {
        System.out.println("AbuseTest, seed " + seed);
        try (WatchedPipeline watched = new WatchedPipeline(directory)) {
            watched.awaitFirstRound();
            ControlAbuse abuse = new ControlAbuse(watched.socket(), new Random(seed));
            abuse(watched, CONTROL_REQUESTS, abuse::once);
            abuse.requireRefusals();
            abuse.crowd();
            abuse.requireAnswer();
            watched.requireUnharmed(ROUNDS);
            assertTrue(abuse.answers() > CONTROL_REQUESTS / 4, abuse.answers() + " answers");
            System.out.println("AbuseTest: " + CONTROL_REQUESTS + " control requests, " + abuse.answers() + " answers, "
                    + abuse.accepted() + " of them as asked; " + watched.figures());
        }
    }

    @Test
    void garbageOverHttpChangesNothing() throws Exception {
        System.out.println("AbuseTest, seed " + seed);
        try (WatchedPipeline watched = new WatchedPipeline(directory)) {
            watched.awaitFirstRound();
            HttpAbuse abuse = new HttpAbuse(watched.httpPort(), new Random(seed));
            abuse(watched, HTTP_REQUESTS, abuse::once);
            abuse.requireAnswers();
            watched.requireUnharmed(ROUNDS);
            assertTrue(abuse.answers() > HTTP_REQUESTS / 10, abuse.answers() + " answers");
            System.out.println("AbuseTest: " + HTTP_REQUESTS + " HTTP requests, " + abuse.answers() + " answers, "
                    + abuse.accepted() + " of them 200; " + watched.figures());
        }
    }

    /** They send a byte a second, half a request or nothing, or do not read, a stream of changes least of all; and more of them come. */
    @Test
    void slowHttpClientsHoldUpNobody() throws Exception {
        List<Socket> slow = new CopyOnWriteArrayList<>();
        ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
        try (WatchedPipeline watched = new WatchedPipeline(directory)) {
            watched.awaitFirstRound();
            HttpAbuse abuse = new HttpAbuse(watched.httpPort(), new Random(seed));
            ScheduledFuture<?> unused =
                    drip.scheduleWithFixedDelay(() -> slow.forEach(AbuseTest::sendByte), 1, 1, TimeUnit.SECONDS);
            long mostThreads = 0;
            for (int i = 0; i < ROUNDS; i++) {
                for (int client = 0; client < SLOW_CLIENTS / ROUNDS; client++) {
                    slow.add(slowClient(abuse, slow.size() % 4));
                }
                watched.round();
                long begin = System.nanoTime();
                abuse.requireAnswers();
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                mostThreads = Math.max(mostThreads, WatchedPipeline.threads("cdc-http"));
                assertTrue(
                        took < LATEST_MS, "the answers took " + took + " ms behind " + slow.size() + " slow clients");
            }
            assertTrue(mostThreads > 8, "slow clients held only " + mostThreads + " threads at a time");
            for (Socket socket : slow) {
                socket.close();
            }
            watched.requireUnharmed(ROUNDS);
        } finally {
            drip.shutdownNow();
        }
    }

    private static Socket slowClient(HttpAbuse abuse, int kind) throws IOException {
        Socket socket = abuse.connect();
        String sent = List.of("GET /sta", "", text("/metrics"), text("/changes?from=beginning"))
                .get(kind);
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String text(String page) {
        return new String(HttpAbuse.request(page), StandardCharsets.US_ASCII);
    }

    private static void sendByte(Socket socket) {
        try {
            socket.getOutputStream().write('t');
        } catch (IOException e) {
            // it was closed
        }
    }
}
