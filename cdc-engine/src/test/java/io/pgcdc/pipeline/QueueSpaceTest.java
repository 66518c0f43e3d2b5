package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariants 8 and 9: capture stops reading when the queue must not grow, and later continues without help. */
class QueueSpaceTest {

    private static final long MIB = 1 << 20;
    private static final int ROWS = 6_000;

    @TempDir
    Path directory;

    private static void insert(TestSource source, int from, int to) throws Exception {
        // a transaction for each 100 rows, of some 100 kB
        for (int first = from; first <= to; first += 100) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(" + first + ", " + (first + 99)
                    + ") n");
        }
    }

    private static List<String> numbers(int to) {
        return IntStream.rangeClosed(1, to).mapToObj(String::valueOf).toList();
    }

    private static long bytes(Path queue) {
        try (Stream<Path> files = Files.walk(queue.resolve("segments"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(QueueSpaceTest::allocated)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the disk space of a file that may be sparse. */
    private static long allocated(Path file) {
        try {
            Process du = new ProcessBuilder("du", "-k", file.toString()).start();
            String said = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return said.isEmpty() ? 0 : 1_024 * Long.parseLong(said.substring(0, said.indexOf('\t')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CollectingSink waitingFor(CountDownLatch latch) {
        return new CollectingSink().answering(batch -> {
            latch.await();
            return Durability.DURABLE;
        });
    }

    @Test
    void invariant9AtTheQuotaReadingPausesAndTheServerIsStillAnswered() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)
                .confirm(ConfirmPolicy.QUEUE)
                .segmentBytes(65_536)
                .statusIntervalMs(200)
                .quota(MIB, 2 * MIB, FullPolicy.PAUSE)) {
            source.sql("ALTER ROLE postgres IN DATABASE " + source.database() + " SET wal_sender_timeout = '2s'");
            CountDownLatch latch = new CountDownLatch(1);
            CollectingSink sink = waitingFor(latch);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                insert(source, 1, ROWS);
                long written = source.walLsn();
                // longer than wal_sender_timeout
                source.awaitStatusAfter("3 s");
                assertTrue(run.isRunning());
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), written) < 0, "the primary keeps what does not fit");
                assertTrue(bytes(source.queue()) < 3 * MIB, bytes(source.queue()) + " bytes");
                latch.countDown();
                run.finish();
            }
            assertEquals(numbers(ROWS), sink.column("id"));
        }
    }

    @Test
    void aRunMayFailAtTheQuota() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)
                .confirm(ConfirmPolicy.QUEUE)
                .segmentBytes(65_536)
                .quota(MIB, 2 * MIB, FullPolicy.FAIL)) {
            CountDownLatch latch = new CountDownLatch(1);
            CollectingSink sink = waitingFor(latch);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                insert(source, 1, ROWS);
                Await.until(
                        "the end of reading",
                        () -> !source.ask("SELECT active FROM pg_replication_slots WHERE slot_name = '" + source.slot()
                                                + "'")
                                        .equals("t")
                                || !run.isRunning());
                latch.countDown();
                QueueException e = assertInstanceOf(QueueException.class, run.awaitEnd());
                assertEquals(ErrorCode.QUEUE_FULL, e.code());
                assertTrue(e.getMessage().contains("queue.max_bytes = 2097152"), e.getMessage());
            }
        }
    }

    /** A sink gets whole transactions only, so the quota must not stop one before its end. */
    @Test
    void aTransactionLargerThanTheQuotaPasses() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)
                .segmentBytes(65_536)
                .quota(MIB, 2 * MIB, FullPolicy.PAUSE)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(1, " + ROWS + ") n");
                run.finish();
            }
            assertEquals(numbers(ROWS), sink.column("id"));
        }
    }

    /** Another program fills the queue's own file system, nearly or completely. Reading pauses, and continues when there is space. */
    @ParameterizedTest
    @ValueSource(longs = {16 * MIB, 0})
    void invariant8AFullDiskStopsReadingAndResumesByItself(long minFreeBytes) throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()),
                "skipped: mounting a file system is not allowed here");
        try (TestSource source = new TestSource(PgServer.shared(18), disk)
                .segmentBytes(65_536)
                .statusIntervalMs(200)
                .minFreeBytes(minFreeBytes)
                .quota(4 * MIB, 0, FullPolicy.PAUSE)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                insert(source, 1, 100);
                Await.until("the first rows", () -> sink.seen().size() == 100);
                Path filler = disk.resolve("filler");
                long free = Files.getFileStore(disk).getUsableSpace();
                Files.write(filler, new byte[(int) (minFreeBytes == 0 ? free : 50 * MIB)]);
                // reading may continue for a moment, but later rows do not arrive
                insert(source, 101, 1_000);
                source.awaitStatusAfter("500 ms");
                long written = source.walLsn();
                insert(source, 1_001, ROWS);
                source.awaitStatusAfter("1 s");
                assertTrue(run.isRunning());
                assertTrue(sink.seen().size() < ROWS, "reading goes on");
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), source.walLsn()) < 0 && written > 0);
                Files.delete(filler);
                Await.until("the rest", () -> sink.seen().size() == ROWS);
                run.stop();
            }
            assertEquals(numbers(ROWS), sink.column("id"));
        } finally {
            assertTrue(command("umount", disk.toString()));
        }
    }

    private static boolean command(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }
}
