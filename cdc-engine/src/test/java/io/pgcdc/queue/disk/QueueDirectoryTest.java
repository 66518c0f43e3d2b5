package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Position;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.SinkCheckpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueDirectoryTest {

    private static final QueueIdentity ORDERS = new QueueIdentity(
            "18446744073709551615", "shop\n=\\n", -7, "orders", 1, Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    Path temporary;

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = temporary.resolve("a").resolve("queue");
    }

    private void create() {
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            queue.bind(ORDERS);
        }
    }

    private QueueException assertRefused(ErrorCode code) {
        QueueException e = assertThrows(QueueException.class, () -> {
            try (QueueDirectory queue = QueueDirectory.open(path)) {
                queue.bind(ORDERS);
            }
        });
        assertEquals(code, e.code(), e::describe);
        return e;
    }

    @Test
    void aNewQueueStoresItsIdentity() {
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            assertNull(queue.identity());
            assertEquals(ORDERS, queue.bind(ORDERS));
        }
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            assertEquals(ORDERS, queue.identity());
        }
    }

    @Test
    void filesOfASinkStayAndAreNotTheQueues() throws IOException {
        create();
        Path own = QueueDirectory.sinkFiles(path, "web");
        assertFalse(Files.exists(own));
        Path file = Files.writeString(Files.createDirectories(own).resolve("state"), "kept");
        create();
        assertEquals("kept", Files.readString(file));
        assertEquals(own, QueueDirectory.sinkFiles(path, "web"));
        assertTrue(own.startsWith(path));
    }

    @Test
    void aSinkNameOutsideTheQueueIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> QueueDirectory.sinkFiles(path, "../other"));
    }

    @Test
    void everythingIsPrivate() throws IOException {
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            queue.bind(ORDERS);
            Layouts.open(LayoutFile.open(queue.relations())).close();
            try (CheckpointFile<CaptureCheckpoint> file =
                    CheckpointFile.open(queue.captureCheckpoint(), CaptureCheckpoint.LAYOUT)) {
                file.write(new CaptureCheckpoint(1, 2, 3, 4, 5));
            }
            assertTrue(Files.isDirectory(queue.segments()));
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                assertEquals(
                        Files.isDirectory(each) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
                        each.toString());
            }
        }
    }

    /** Nobody should throw away a queue whose changes are in no other place. */
    @Test
    void aQueueOfAnotherSourceNamesTheSinksThatLackItsChanges() {
        create();
        QueueIdentity other = new QueueIdentity("42", ORDERS.databaseName(), -7, "orders", 1, Instant.EPOCH);
        try (QueueDirectory queue = QueueDirectory.open(path);
                CheckpointFile<CaptureCheckpoint> capture =
                        CheckpointFile.open(queue.captureCheckpoint(), CaptureCheckpoint.LAYOUT);
                CheckpointFile<SinkCheckpoint> behind =
                        CheckpointFile.open(queue.sinkCheckpoint("behind"), SinkCheckpoint.LAYOUT);
                CheckpointFile<SinkCheckpoint> done =
                        CheckpointFile.open(queue.sinkCheckpoint("done"), SinkCheckpoint.LAYOUT)) {
            capture.write(new CaptureCheckpoint(7, 0, 1_000, 1_010, 1_010));
            done.write(new SinkCheckpoint(8, new Position(0, 1_000, 0), 1_010));
            behind.write(new SinkCheckpoint(7, new Position(0, 900, 0), 910));
            String message = String.valueOf(
                    assertThrows(QueueException.class, () -> queue.bind(other)).getMessage());
            assertTrue(
                    message.endsWith("changes that behind has not got: only a run at the old source delivers them."),
                    message);
        }
    }

    @Test
    void anotherSourceIsRefusedAndBothSourcesAreNamed() {
        create();
        for (QueueIdentity other : List.of(
                new QueueIdentity("42", ORDERS.databaseName(), -7, "orders", 1, Instant.EPOCH),
                new QueueIdentity(ORDERS.systemIdentifier(), "bank", 8, "orders", 1, Instant.EPOCH),
                new QueueIdentity(ORDERS.systemIdentifier(), ORDERS.databaseName(), -7, "bills", 1, Instant.EPOCH))) {
            try (QueueDirectory queue = QueueDirectory.open(path)) {
                QueueException e = assertThrows(QueueException.class, () -> queue.bind(other));
                assertEquals(ErrorCode.QUEUE_OTHER_SOURCE, e.code());
                String message = String.valueOf(e.getMessage());
                assertTrue(message.contains(ORDERS.describe()), message);
                assertTrue(message.contains(other.describe()), message);
                assertTrue(message.contains("--queue-dir"), message);
                assertEquals(ORDERS, queue.identity());
            }
        }
    }

    @Test
    void aRenamedDatabaseAndANewTimelineAreTheSameSource() {
        create();
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            QueueIdentity promoted =
                    new QueueIdentity(ORDERS.systemIdentifier(), "shop2", -7, "orders", 2, Instant.EPOCH);
            assertEquals(ORDERS, queue.bind(promoted), "what is stored, for the caller to compare timelines");
            queue.changeTimeline(2);
        }
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            assertEquals(ORDERS.withTimeline(2), queue.identity());
        }
    }

    static final class HoldLock {
        public static void main(String[] arguments) throws IOException {
            QueueDirectory queue = QueueDirectory.open(Path.of(arguments[0]));
            queue.bind(ORDERS);
            System.out.println("locked");
            while (System.in.read() >= 0) {
                // waits until the parent closes our input
            }
            queue.close();
        }
    }

    @Test
    void aQueueInUseIsRefusedAndTheProcessNamed() throws Exception {
        Process holder = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HoldLock.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = holder.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("locked", out.readLine());
            QueueException e = assertRefused(ErrorCode.QUEUE_LOCKED);
            assertTrue(String.valueOf(e.getMessage()).contains("process " + holder.pid() + ";"), e.describe());

            assertEquals(holder.pid(), QueueView.open(path).user());

            // the lock ends with the process, however that ends
            holder.toHandle().destroyForcibly();
            assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
            assertNull(QueueView.open(path).user());
            create();
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void aQueueOpenInThisProcessIsRefused() {
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            queue.bind(ORDERS);
            QueueException e = assertRefused(ErrorCode.QUEUE_LOCKED);
            assertTrue(String.valueOf(e.getMessage())
                    .contains("process " + ProcessHandle.current().pid() + ";"));
            assertTrue(Files.exists(path.resolve("lock")));
            assertEquals(ProcessHandle.current().pid(), QueueView.open(path).user());
        }
        assertNull(QueueView.open(path).user(), "the process lives, but does not use the queue");
        create();
    }

    @Test
    void aDirectoryWithForeignFilesIsRefusedAndNotChanged() throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("thesis.txt"), "two years of work");
        Map<String, String> before = content();
        QueueException e = assertRefused(ErrorCode.QUEUE_DIRECTORY_UNUSABLE);
        assertTrue(String.valueOf(e.getMessage()).contains("thesis.txt"));
        assertEquals(before, content());
    }

    @Test
    void aFileIsNotADirectory() throws IOException {
        Files.createDirectories(path.resolveSibling("x"));
        Files.writeString(path, "a file");
        assertRefused(ErrorCode.QUEUE_DIRECTORY_UNUSABLE);
        assertEquals("a file", Files.readString(path));
    }

    @Test
    void aDirectoryThatCannotBeCreatedIsRefusedAndNothingIsLeft() throws IOException {
        Files.writeString(temporary.resolve("a"), "a file in the way");
        assertRefused(ErrorCode.QUEUE_DIRECTORY_UNUSABLE);
        path = Path.of("/proc/pgcdc/queue");
        assertRefused(ErrorCode.QUEUE_DIRECTORY_UNUSABLE);
    }

    @Test
    void anUnboundQueueLeavesNoFiles() throws IOException {
        QueueDirectory.open(path).close();
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
        Files.createDirectories(path);
        QueueDirectory.open(path).close();
        assertTrue(content().isEmpty());
    }

    /** The kernel releases a process's locks of a file when the process closes the file, whoever opened it. */
    @Test
    void whatTheProcessItselfAsksDoesNotReleaseTheLock() throws IOException {
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            queue.bind(ORDERS);
            assertTrue(isLocked(), "locked");
            assertEquals(
                    ProcessHandle.current().pid(), QueueView.open(queue.path()).user());
            assertRefused(ErrorCode.QUEUE_LOCKED);
            assertTrue(isLocked(), "still locked");
        }
        assertFalse(isLocked(), "released");
        create();
    }

    private boolean isLocked() throws IOException {
        String file = ":" + Files.getAttribute(path.resolve("lock"), "unix:ino") + " ";
        String pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .anyMatch(line -> line.contains(file) && line.contains(pid));
    }

    @Test
    void aDirectoryOfAKilledFirstStartIsReused() throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("lock"), "12345\n");
        Files.writeString(path.resolve("identity.tmp"), "form");
        Files.createDirectory(path.resolve("control"));
        create();
        assertFalse(Files.exists(path.resolve("identity.tmp")));
    }

    @Test
    void aNewerFormatIsNamedAndNotChanged() throws IOException {
        create();
        Files.writeString(path.resolve("identity"), "format=2\nsomething=new\n");
        Map<String, String> before = content();
        assertRefused(ErrorCode.QUEUE_FORMAT);
        assertEquals(before.get("identity"), content().get("identity"));
        assertEquals(before.keySet(), content().keySet());
    }

    @Test
    void anyFlippedBitOfTheIdentityIsAnError() throws IOException {
        create();
        byte[] whole = Files.readAllBytes(path.resolve("identity"));
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 7);
            Files.write(path.resolve("identity"), flipped);
            QueueException e = assertThrows(QueueException.class, () -> QueueDirectory.open(path), "byte " + at);
            assertTrue(Set.of(ErrorCode.QUEUE_DAMAGED, ErrorCode.QUEUE_FORMAT).contains(e.code()));
        }
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(path.resolve("identity"), java.util.Arrays.copyOf(whole, length));
            assertThrows(QueueException.class, () -> QueueDirectory.open(path), "length " + length);
        }
    }

    @Test
    void sinkNamesBecomeFileNamesOnlyWhenHarmless() {
        try (QueueDirectory queue = QueueDirectory.open(path)) {
            assertThrows(IllegalStateException.class, queue::segments);
            queue.bind(ORDERS);
            assertEquals(
                    "Out-1_x.ckpt",
                    queue.sinkCheckpoint("Out-1_x").getFileName().toString());
            for (String name : List.of("", "../x", "a/b", "a.b", "ä", "a b", "x".repeat(65))) {
                assertThrows(IllegalArgumentException.class, () -> queue.sinkCheckpoint(name), name);
            }
        }
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                if (!each.equals(path)) {
                    content.put(
                            path.relativize(each).toString(),
                            Files.isRegularFile(each) ? Files.readString(each, StandardCharsets.ISO_8859_1) : "");
                }
            }
        }
        return content;
    }

    /** Pipelines of one process start together, and their queues may have a parent that none of them has made yet. */
    @Test
    void queuesThatStartTogetherMayShareAParentThatDoesNotExist() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 50; round++) {
                Path parent = temporary.resolve("round-" + round).resolve("queues");
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<?>> opened = new ArrayList<>();
                for (String name : List.of("one", "two")) {
                    opened.add(threads.submit(() -> {
                        start.await();
                        try (QueueDirectory queue = QueueDirectory.open(parent.resolve(name))) {
                            return queue.bind(ORDERS);
                        }
                    }));
                }
                for (Future<?> one : opened) {
                    assertEquals(ORDERS, one.get());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
