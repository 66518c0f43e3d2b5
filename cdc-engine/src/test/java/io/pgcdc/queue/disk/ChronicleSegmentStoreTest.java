package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentStoreContract;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TestSegments;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ChronicleSegmentStoreTest extends SegmentStoreContract {

    /** File size. It is small, so that the contract's tests use several files. */
    private static final long FILE_BYTES = 100_000;

    @TempDir
    Path directory;

    @Override
    protected SegmentStore open() {
        return ChronicleSegmentStore.open(directory, FILE_BYTES, SegmentStore.NONE);
    }

    @Test
    void filesRollBySizeAndReadersContinueInTheNext() throws IOException {
        appendAndSync(1, 100, 10_000);
        assertEquals(
                12, files().size(), "nine segments of 10 KB to a file of 100 KB that begins with 16 KB of Chronicle's");
        assertEquals(100, numbers(SegmentStore.NONE).size());
    }

    @Test
    void aReaderAtTheEndOfAFileContinuesInTheNext() {
        SegmentView segment = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            for (int i = 1; i <= 30; i++) {
                appendAndSync(i, 1, 60_000);
                assertTrue(reader.next(segment));
                assertEquals(i, TestSegments.check(segment));
                assertFalse(reader.next(segment));
            }
        }
    }

    @Test
    void consumedFilesAreDeletedUnderLoad() throws IOException {
        SegmentView segment = new SegmentView();
        int most = 0;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            for (int i = 1; i <= 400; i++) {
                appendAndSync(i, 1, 20_000);
                assertTrue(reader.next(segment));
                assertEquals(i, TestSegments.check(segment));
                store.releaseBefore(reader.index(), 0);
                most = Math.max(most, files().size());
            }
        }
        assertTrue(most <= 2, "files at once: " + most);
        assertTrue(store.storedBytes() <= 250_000, "bytes " + store.storedBytes());
        reopen();
        assertEquals(
                400, numbers(SegmentStore.NONE).stream().mapToLong(n -> n).max().orElse(0));
    }

    @Test
    void releasedRunsLeaveNoDirectory() throws IOException {
        for (int round = 1; round <= 4; round++) {
            appendAndSync(round, 1, 100);
            reopen();
        }
        store.releaseBefore(store.lastIndex(), 0);
        try (Stream<Path> runs = Files.list(directory)) {
            assertEquals(1, runs.count());
        }
        assertEquals(List.of(4L), numbers(SegmentStore.NONE));
    }

    @Test
    void aReaderOfAReleasedSegmentIsRefused() {
        List<Long> indexes = appendAndSync(1, 30, 20_000);
        store.releaseBefore(indexes.get(29), 0);
        assertReadFails(ErrorCode.QUEUE_SEGMENT_RELEASED, indexes.get(0));
    }

    @Test
    void aRowOfAHundredMegabytesComesBack() {
        store.append(TestSegments.whole(1, 10));
        long large = store.append(TestSegments.whole(2, 100 << 20));
        store.append(TestSegments.whole(3, 10));
        store.sync();
        assertEquals(List.of(1L, 2L, 3L), numbers(SegmentStore.NONE));
        reopen();
        assertEquals(List.of(2L, 3L), numbers(large));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anIdleQueueIsSmall() throws Exception {
        reopen();
        assertEquals(0, files().size(), "nothing is created before the first segment");
        appendAndSync(1, 1, 100);
        Path file = directory.resolve(files().iterator().next());
        assertTrue(diskBytes(file) < 1 << 20, "bytes on disk " + diskBytes(file));
        store.close();
        assertTrue(Files.size(file) < 64 << 10, "size once closed " + Files.size(file));
        store = open();
    }

    /** Returns the disk space of the file. The file is sparse, so that its length does not count. */
    private static long diskBytes(Path file) throws Exception {
        Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
        try (BufferedReader out = du.inputReader()) {
            return Long.parseLong(String.valueOf(out.readLine()).split("\t", -1)[0]);
        }
    }

    @Test
    void filesArePrivate() throws IOException {
        appendAndSync(1, 1, 100);
        for (String file : files()) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingLeavesNoThreadMappingOrOpenFile() throws IOException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        appendAndSync(1, 50, 10_000);
        assertEquals(50, numbers(SegmentStore.NONE).size());
        store.close();
        Set<String> started = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("surefire") && !name.startsWith("process reaper"))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), started);
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            assertEquals(
                    List.of(),
                    maps.filter(line -> line.contains(directory.toString())).toList());
        }
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertEquals(
                    List.of(),
                    open.map(ChronicleSegmentStoreTest::target)
                            .filter(target -> target.startsWith(directory.toString()))
                            .toList());
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return ""; // the descriptor of the listing itself is closed by then
        }
    }

    @Test
    void chroniclesOwnTailerReadsTheFiles() throws IOException {
        appendAndSync(1, 30, 10_000);
        store.close();
        List<Integer> lengths = new ArrayList<>();
        Path run;
        try (Stream<Path> runs = Files.list(directory)) {
            run = runs.findFirst().orElseThrow();
        }
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(run)
                        .rollCycle(RollCycles.FAST_HOURLY)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        break;
                    }
                    lengths.add((int) document.wire().bytes().readRemaining());
                }
            }
        }
        assertEquals(java.util.Collections.nCopies(30, 88 + 12 + 10_000), lengths);
        store = open();
    }

    @Test
    void aStoreThatCannotWriteStaysFailed() throws IOException {
        Path blocked = directory.resolve("0000000001");
        Files.writeString(blocked, "in the way of the first run");
        QueueException e = assertThrows(QueueException.class, () -> store.append(TestSegments.whole(1, 100)));
        assertEquals(ErrorCode.QUEUE_IO, e.code());
        Files.delete(blocked);
        assertThrows(QueueException.class, () -> store.append(TestSegments.whole(1, 100)));
        assertThrows(QueueException.class, () -> store.sync());
        reopen();
        appendAndSync(1, 1, 100);
        assertEquals(List.of(1L), numbers(SegmentStore.NONE));
    }

    /** Simulates a write to a mapped page that a full disk lost. The JVM may report it later, or in other code. */
    @Test
    void unreadableSegmentsDoNotBecomeDurable() throws IOException {
        long before = appendAndSync(1, 1, 100).get(0);
        long lost = store.append(TestSegments.whole(2, 100));
        Path file = directory.resolve(files().iterator().next());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(20), (lost & (1L << 36) - 1) + 150);
        }
        QueueException e = assertThrows(QueueException.class, () -> store.sync());
        assertEquals(ErrorCode.QUEUE_IO, e.code());
        assertEquals(before, store.durableIndex());
        assertThrows(QueueException.class, () -> store.append(TestSegments.whole(3, 100)));
        assertEquals(List.of(1L), numbers(SegmentStore.NONE), "what was durable can still be read");
        reopen();
        assertEquals(List.of(1L), numbers(SegmentStore.NONE));
    }

    @Test
    void aRunWithoutAFileIsRemoved() throws IOException {
        Path run = Files.createDirectories(directory.resolve("0000000001"));
        Files.writeString(run.resolve("metadata.cq4t"), "of a process that was killed");
        reopen();
        appendAndSync(1, 1, 100);
        assertEquals(List.of(1L), numbers(SegmentStore.NONE));
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.toString().endsWith(".cq4"))
                    .map(path -> directory.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
