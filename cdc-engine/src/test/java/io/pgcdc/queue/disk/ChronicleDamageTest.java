package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TestSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 6, no silent damage: a torn tail is cut off on opening, damage elsewhere is an error naming file and position. */
class ChronicleDamageTest {

    private static final long FILE_BYTES = 100_000;
    private static final long OFFSET_MASK = (1L << 36) - 1;

    @TempDir
    Path directory;

    @TempDir
    Path copies;

    private final List<Long> indexes = new ArrayList<>();

    private void write(int count, int frameBytes) {
        try (ChronicleSegmentStore store = open(SegmentStore.NONE)) {
            for (int i = 1; i <= count; i++) {
                indexes.add(store.append(TestSegments.whole(i, frameBytes)));
            }
            store.sync();
        }
    }

    private ChronicleSegmentStore open(long durableThrough) {
        return ChronicleSegmentStore.open(directory, FILE_BYTES, durableThrough);
    }

    private static List<Long> read(SegmentStore store, long from, boolean headers) {
        List<Long> numbers = new ArrayList<>();
        SegmentView segment = new SegmentView();
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = store.reader(from)) {
            while (headers ? reader.nextHeader(header) : reader.next(segment)) {
                numbers.add(headers ? header.lastCommitLsn() : TestSegments.check(segment));
            }
        }
        return numbers;
    }

    private Path file(int number) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.toString().endsWith(".cq4"))
                    .sorted()
                    .toList()
                    .get(number - 1);
        }
    }

    private static void flip(Path file, long at, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << bit)).rewind();
            channel.write(one, at);
        }
    }

    @Test
    void aFlippedBitInADurableSegmentNamesFileAndPosition() throws IOException {
        write(3, 200);
        Path file = file(1);
        long at = indexes.get(1) & OFFSET_MASK;
        try (ChronicleSegmentStore store = open(indexes.get(2))) {
            // Chronicle's header of 4 bytes, ours of 88, the frame's of 12, and the content
            for (int offset = 0; offset < 4 + 88 + 12 + 200; offset++) {
                for (int bit = 0; bit < 8; bit++) {
                    flip(file, at + offset, bit);
                    String what = "byte " + offset + " bit " + bit;
                    QueueException e =
                            assertThrows(QueueException.class, () -> read(store, SegmentStore.NONE, false), what);
                    boolean version = offset == 4 + 4 || offset == 4 + 5;
                    assertEquals(version ? ErrorCode.QUEUE_FORMAT : ErrorCode.QUEUE_DAMAGED, e.code(), what);
                    String message = String.valueOf(e.getMessage());
                    assertTrue(message.contains(file.toString()) && message.contains(" at "), message);
                    flip(file, at + offset, bit);
                }
            }
            assertEquals(List.of(1L, 2L, 3L), read(store, SegmentStore.NONE, false));
        }
    }

    @Test
    void aScanOfHeadersDetectsAnyFlippedBit() throws IOException {
        write(3, 200);
        Path file = file(1);
        long at = indexes.get(1) & OFFSET_MASK;
        try (ChronicleSegmentStore store = open(indexes.get(2))) {
            for (int offset = 0; offset < 4 + 88; offset++) {
                for (int bit = 0; bit < 8; bit++) {
                    flip(file, at + offset, bit);
                    assertThrows(
                            QueueException.class,
                            () -> read(store, SegmentStore.NONE, true),
                            "byte " + offset + " bit " + bit);
                    flip(file, at + offset, bit);
                }
            }
        }
    }

    @Test
    void aFlippedBitBetweenSegmentsIsHarmlessOrAnError() throws IOException {
        write(2, 10);
        Path file = file(1);
        long first = indexes.get(0) & OFFSET_MASK;
        try (ChronicleSegmentStore store = open(indexes.get(1))) {
            // Chronicle's own metadata and index pages
            for (long at = 0; at < first; at++) {
                flip(file, at, (int) (at % 8));
                try {
                    assertEquals(List.of(1L, 2L), read(store, SegmentStore.NONE, false), "byte " + at);
                } catch (QueueException e) {
                    assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
                }
                flip(file, at, (int) (at % 8));
            }
        }
    }

    @Test
    void aFlippedBitInALargeSegmentIsAnError() throws IOException {
        write(1, 3 << 20);
        Path file = file(1);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long at = indexes.get(0) & OFFSET_MASK;
        try (ChronicleSegmentStore store = open(SegmentStore.NONE)) {
            for (int i = 0; i < 40; i++) {
                long offset = at + random.nextInt(3 << 20);
                if (i % 2 == 0) { // the header of the second piece
                    offset = at + ((4 + (1 << 20) + 3) & ~3) + random.nextInt(28);
                }
                int bit = random.nextInt(8);
                flip(file, offset, bit);
                assertThrows(
                        QueueException.class,
                        () -> read(store, SegmentStore.NONE, false),
                        "seed " + seed + " at " + offset);
                flip(file, offset, bit);
            }
            assertEquals(List.of(1L), read(store, SegmentStore.NONE, false));
        }
    }

    @Test
    void truncatingAnOpenFileIsAnError() throws IOException {
        write(3, 200);
        try (ChronicleSegmentStore store = open(indexes.get(2))) {
            try (FileChannel channel = FileChannel.open(file(1), StandardOpenOption.WRITE)) {
                channel.truncate((indexes.get(1) & OFFSET_MASK) + 50);
            }
            QueueException e = assertThrows(QueueException.class, () -> read(store, SegmentStore.NONE, false));
            assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
            // a sink whose checkpoint is after the damage must not skip the lost segments
            assertThrows(QueueException.class, () -> read(store, indexes.get(2), false));
        }
    }

    @Test
    void aDamagedCheckpointSegmentPreventsOpening() throws IOException {
        write(3, 200);
        flip(file(1), (indexes.get(2) & OFFSET_MASK) + 150, 0);
        QueueException e = assertThrows(QueueException.class, () -> open(indexes.get(2)));
        assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains(file(1).toString()));
    }

    /** Chronicle's header, ours, the frame's and the content: each byte of the last segment is flipped, and the file ends before it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTornLastSegmentIsCutOffUnlessItWasDurable(boolean torn) throws IOException {
        write(3, 200);
        Path written = directory;
        for (int offset = 0; offset < 4 + 88 + 12 + 200; offset++) {
            String what = (torn ? "torn" : "flipped") + " at byte " + offset;
            directory = copy(written, what);
            long at = (indexes.get(2) & OFFSET_MASK) + offset;
            if (torn) {
                try (FileChannel channel = FileChannel.open(file(1), StandardOpenOption.WRITE)) {
                    channel.truncate(at);
                }
            } else {
                flip(file(1), at, offset % 8);
            }
            QueueException e = assertThrows(QueueException.class, () -> open(indexes.get(2)), what);
            assertTrue(String.valueOf(e.getMessage()).contains(file(1).toString()), e.getMessage());
            boolean version = !torn && (offset == 4 + 4 || offset == 4 + 5);
            assertEquals(version ? ErrorCode.QUEUE_FORMAT : ErrorCode.QUEUE_DAMAGED, e.code(), what);
            if (version) {
                // a newer version's segment is not cut off as if it were torn
                assertThrows(QueueException.class, () -> open(indexes.get(1)), what);
                continue;
            }
            try (ChronicleSegmentStore store = open(indexes.get(1))) {
                assertEquals(List.of(1L, 2L), read(store, SegmentStore.NONE, false), what);
                store.append(TestSegments.whole(4, 100));
                store.sync();
                assertEquals(List.of(1L, 2L, 4L), read(store, SegmentStore.NONE, false), what);
            }
        }
        directory = written;
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = copies.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    @Test
    void aMissingFilePreventsOpening() throws IOException {
        write(30, 20_000);
        Files.delete(file(3));
        QueueException e = assertThrows(QueueException.class, () -> open(indexes.get(29)));
        assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
    }

    @Test
    void aMissingCheckpointFilePreventsOpening() throws IOException {
        write(3, 200);
        Files.delete(file(1));
        QueueException e = assertThrows(QueueException.class, () -> open(indexes.get(2)));
        assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
    }

    @Test
    void aForeignFileIsNamed() throws IOException {
        write(1, 200);
        Files.writeString(file(1).resolveSibling("notes.cq4"), "hello");
        QueueException e = assertThrows(QueueException.class, () -> open(indexes.get(0)));
        assertTrue(String.valueOf(e.getMessage()).contains("notes.cq4"));
    }

    @Test
    void damageAfterTheCheckpointCutsTheQueueOff() throws IOException {
        write(30, 20_000);
        long torn = indexes.get(17);
        flip(file((int) (torn >>> 36)), (torn & OFFSET_MASK) + 10_000, 3);
        try (ChronicleSegmentStore store = open(indexes.get(10))) {
            assertEquals(LongStream.rangeClosed(1, 17).boxed().toList(), read(store, SegmentStore.NONE, false));
            assertEquals(indexes.get(16), store.lastIndex());
            long again = store.append(TestSegments.whole(18, 20_000));
            assertTrue(again > indexes.get(29), "an index is never used again");
            store.sync();
            // sinks whose checkpoints are after the queue's new end
            assertEquals(List.of(18L), read(store, indexes.get(29) + 1, false));
            assertEquals(List.of(18L), read(store, indexes.get(20), false));
            assertEquals(List.of(18L), read(store, indexes.get(16) + 1, false));
        }
        try (ChronicleSegmentStore store = open(SegmentStore.NONE)) {
            assertEquals(LongStream.rangeClosed(1, 18).boxed().toList(), read(store, SegmentStore.NONE, false));
        }
    }

    /** Simulates a power failure: some of the unforced pages reached the disk, and some did not. */
    @Test
    void lostPagesNeverTouchDurableSegments() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            Path copy = Files.createDirectory(directory.resolve("round" + round));
            List<Long> written = new ArrayList<>();
            int synced = 1 + random.nextInt(20);
            int all = synced + 1 + random.nextInt(20);
            try (ChronicleSegmentStore store = ChronicleSegmentStore.open(copy, FILE_BYTES, SegmentStore.NONE)) {
                for (int i = 1; i <= all; i++) {
                    written.add(store.append(TestSegments.whole(i, random.nextInt(30_000))));
                }
                store.sync();
            }
            losePages(copy, written.get(synced - 1), random);
            try (ChronicleSegmentStore store = ChronicleSegmentStore.open(copy, FILE_BYTES, written.get(synced - 1))) {
                List<Long> left = read(store, SegmentStore.NONE, false);
                assertTrue(left.size() >= synced, "seed " + seed);
                assertEquals(LongStream.rangeClosed(1, left.size()).boxed().toList(), left, "seed " + seed);
                for (int i = left.size() + 1; i <= all; i++) {
                    store.append(TestSegments.whole(i, 500));
                }
                store.sync();
                assertEquals(
                        LongStream.rangeClosed(1, all).boxed().toList(),
                        read(store, SegmentStore.NONE, false),
                        "seed " + seed);
            }
        }
    }

    /** Zeroes some pages after the last forced segment. */
    private static void losePages(Path copy, long durable, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(copy)) {
            files = all.filter(path -> path.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
        int durableFile = (int) (durable >>> 36);
        for (int number = durableFile; number <= files.size(); number++) {
            Path file = files.get(number - 1);
            long size = Files.size(file);
            // the durable segment is at most 30 KB long
            long from = number == durableFile ? ((durable & OFFSET_MASK) + 34_000) / 4096 * 4096 : 0;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (long page = from; page < size; page += 4096) {
                    if (random.nextInt(4) == 0) {
                        channel.write(ByteBuffer.allocate((int) Math.min(4096, size - page)), page);
                    }
                }
            }
        }
    }
}
