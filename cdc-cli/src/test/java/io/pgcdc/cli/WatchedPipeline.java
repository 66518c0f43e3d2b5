package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.history.History;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline with its control socket and HTTP, under load. Others meanwhile do to the two what they like: its history must be complete, and no
 * change may be late.
 */
final class WatchedPipeline implements AutoCloseable {

    private static final int CHANGES_A_ROUND = 40;
    private static final int LARGE = 200;
    private static final Duration LATEST = Duration.ofSeconds(10);
    private static final long DEADLINE_S = 60;

    private final PgServer server = PgServer.shared(18);
    private final String database;
    private final Path queue;
    private final History history = new History(MixedWorkload.KEYS);
    private final LinesSink sink = new LinesSink(history);
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Served served = new Served(new HttpConfig("127.0.0.1", 0, null));
    private final Pipeline pipeline;
    private final Thread run;
    private final Thread load;
    private final Semaphore rounds = new Semaphore(0);
    private volatile boolean loadEnds;
    private final AtomicInteger played = new AtomicInteger();
    private volatile long slowestNanos;
    private volatile @Nullable Throwable failure;

    WatchedPipeline(Path directory) throws Exception {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        database = server.createDatabase("watched");
        queue = directory.resolve("queue");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            MixedWorkload.create(connection);
            statement.execute("CREATE TABLE probe (id int PRIMARY KEY); CREATE PUBLICATION p FOR ALL TABLES");
        }
        Path config =
                Files.writeString(directory.resolve("cdc.yaml"), """
                source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true}
                queue: {dir: "%3$s", retain_bytes: 1000000000}
                sinks:
                - {name: out, type: stdout}
                - {name: live, type: feed}
                """.formatted(server.url(database), database, queue));
        LoadedConfig loaded = ConfigLoader.load(
                        config,
                        Flags.NONE,
                        Environment.ofProcess(),
                        SinkProviders.ofProcess().byType())
                .one();
        pipeline = new Pipeline(loaded.pipeline(), Map.of("out", sink));
        Member member = new Member(loaded.pipeline(), pipeline);
        served.start(List.of(member), false);
        CountDownLatch started = new CountDownLatch(1);
        pipeline.whenStarted(started::countDown);
        run = start("test-watched", () -> member.run(false));
        load = start("test-load", () -> {
            started.await();
            load();
        });
    }

    /** Returns once changes arrive. */
    void awaitFirstRound() {
        round();
        Await.until("the first round", () -> played.get() > 0 || failure != null);
        rethrow();
    }

    /** Returns once as many rounds are in the sink. */
    void awaitRounds(int count) {
        Await.until("the rounds", Duration.ofSeconds(DEADLINE_S), () -> played.get() >= count || failure != null);
        rethrow();
    }

    /** Returns the number of changes that the sink has got. Call it while no round is played. */
    int delivered() {
        return history.size();
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure = e;
                    }
                },
                name);
        thread.start();
        return thread;
    }

    Path socket() {
        return queue.resolve("control/socket");
    }

    int httpPort() {
        return served.port();
    }

    /** Throws what ended the run or the load, with the log. */
    void rethrow() {
        Throwable thrown = failure;
        if (thrown != null || !run.isAlive()) {
            throw new AssertionError("the run or the load has ended; " + log.toString(StandardCharsets.UTF_8), thrown);
        }
    }

    /** Has some more changes made and followed to the sink, beside what the caller does next. */
    void round() {
        rounds.release();
    }

    private void load() throws Exception {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            MixedWorkload workload = new MixedWorkload(connection, 1, LARGE);
            for (int i = 0; !loadEnds; i++) {
                if (!rounds.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                workload.run(CHANGES_A_ROUND);
                long begin = System.nanoTime();
                statement.execute("INSERT INTO probe VALUES (" + i + ")");
                connection.commit();
                String marker = "\"new_data\":{\"id\":" + i + "}";
                Await.until("probe " + i, () -> failure != null || sink.last().contains(marker));
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - begin);
                played.incrementAndGet();
            }
        }
    }

    /** Ends the load and the run, and checks both. */
    void requireUnharmed(int atLeastRounds) throws Exception {
        Await.until(
                "the rounds", Duration.ofSeconds(DEADLINE_S), () -> rounds.availablePermits() == 0 || failure != null);
        loadEnds = true;
        load.join();
        rethrow();
        Await.until("the control socket's clients to be gone", () -> threads("cdc-control-connection") == 0);
        served.close();
        Await.until("the HTTP server's threads to end", () -> threads("cdc-http") == 0);
        pipeline.control().stopWhenCaughtUp();
        run.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
        assertFalse(run.isAlive(), "it still runs");
        assertNull(failure);
        try (Connection connection = server.connect(database)) {
            Comparison.compare(connection, MixedWorkload.KEYS, history);
        }
        assertEquals(0, history.repeats());
        assertTrue(played.get() >= atLeastRounds, played + " rounds");
        assertTrue(slowestNanos < LATEST.toNanos(), "a change took " + slowestNanos + " ns to its sink");
        String said = log.toString(StandardCharsets.UTF_8);
        assertFalse(said.contains("ERROR"), said);
    }

    String figures() {
        return played.get() + " rounds of changes, " + history.size() + " in all, the slowest in the sink after "
                + TimeUnit.NANOSECONDS.toMillis(slowestNanos) + " ms";
    }

    static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    @Override
    public void close() throws IOException, SQLException {
        loadEnds = true;
        Await.until("the load to end", () -> !load.isAlive());
        pipeline.control().stop();
        Await.until("the run to end", () -> !run.isAlive());
        served.close(); // does nothing if it was closed before
        System.setErr(err);
        server.dropDatabase(database);
    }
}
