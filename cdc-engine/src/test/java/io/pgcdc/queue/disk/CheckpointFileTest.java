package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Position;
import io.pgcdc.queue.BigEndian;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.SinkCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {

    @TempDir
    Path directory;

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = directory.resolve("out.ckpt");
    }

    private CheckpointFile<CaptureCheckpoint> open() {
        return CheckpointFile.open(path, CaptureCheckpoint.LAYOUT);
    }

    @Test
    void aCheckpointHasMovedAfterTheSecondWrite() {
        CaptureCheckpoint value = new CaptureCheckpoint(0, 0, 1, 1, 1);
        try (CheckpointFile<CaptureCheckpoint> file = open()) {
            assertFalse(file.hasMoved());
            file.write(value);
            assertFalse(file.hasMoved());
        }
        try (CheckpointFile<CaptureCheckpoint> file = open()) {
            assertFalse(file.hasMoved());
            file.write(value);
            assertTrue(file.hasMoved());
        }
        try (CheckpointFile<CaptureCheckpoint> file = open()) {
            assertTrue(file.hasMoved());
        }
    }

    private @Nullable CaptureCheckpoint stored() {
        try (CheckpointFile<CaptureCheckpoint> file = open()) {
            return file.current();
        }
    }

    private static CaptureCheckpoint value(long n) {
        return new CaptureCheckpoint(n, 1, n + 1, n + 2, n + 3);
    }

    private void write(int from, int to, boolean force) {
        try (CheckpointFile<CaptureCheckpoint> file = open()) {
            for (int i = from; i <= to; i++) {
                file.write(value(i));
                if (force) {
                    file.force();
                }
            }
        }
    }

    @Test
    void anUnwrittenCheckpointIsNull() {
        assertNull(stored());
        assertTrue(Files.notExists(path), "opening creates nothing");
    }

    @Test
    void theLastValueIsReturned() {
        for (int i = 1; i <= 9; i++) {
            write(i, i, i % 2 == 0);
            assertEquals(value(i), stored());
        }
        write(10, 15, true);
        assertEquals(value(15), stored());
    }

    @Test
    void sinksCheckpointsComeBack() {
        Path sink = directory.resolve("sink.ckpt");
        SinkCheckpoint value = new SinkCheckpoint(1L << 40, new Position(2, -5, 7), -4);
        try (CheckpointFile<SinkCheckpoint> file = CheckpointFile.open(sink, SinkCheckpoint.LAYOUT)) {
            file.write(value);
        }
        try (CheckpointFile<SinkCheckpoint> file = CheckpointFile.open(sink, SinkCheckpoint.LAYOUT)) {
            assertEquals(value, file.current());
        }
    }

    @Test
    void aTornWriteKeepsThePreviousValue() throws IOException {
        write(1, 6, true);
        byte[] whole = Files.readAllBytes(path);
        int newest = slotOf(6);
        for (int i = 0; i < 20 + 36; i++) {
            byte[] torn = whole.clone();
            torn[newest + i] ^= 0x10;
            Files.write(path, torn);
            try {
                assertEquals(value(5), stored(), "byte " + i);
            } catch (QueueException e) {
                throw new AssertionError("byte " + i, e);
            }
        }
    }

    /** If writes alternated between the slots regardless of forces, one power failure could tear both. */
    @Test
    void unforcedWritesNeverTouchTheForcedSlot() throws IOException {
        write(1, 3, true);
        int forced = slotOf(3);
        write(4, 8, false);
        byte[] bytes = Files.readAllBytes(path);
        int other = CheckpointFile.SLOT_BYTES - forced;
        assertEquals(value(8), stored());
        java.util.Arrays.fill(bytes, other, other + 56, (byte) 0);
        Files.write(path, bytes);
        CaptureCheckpoint left = stored();
        assertEquals(value(3), left);
    }

    @Test
    void bothSlotsDamagedIsAnErrorThatNamesTheFile() throws IOException {
        write(1, 2, true);
        byte[] bytes = Files.readAllBytes(path);
        bytes[30] ^= 1;
        bytes[CheckpointFile.SLOT_BYTES + 30] ^= 1;
        Files.write(path, bytes);
        QueueException e = assertThrows(QueueException.class, this::stored);
        assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains(path.toString()));
    }

    @Test
    void anyOtherFileIsAnError() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int length : new int[] {0, 1, 55, 4096, 8191, 10_000}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            Files.write(path, bytes);
            assertThrows(QueueException.class, this::stored, "length " + length + " seed " + seed);
        }
    }

    private int slotOf(long index) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        return BigEndian.getLong(bytes, 20) == index ? 0 : CheckpointFile.SLOT_BYTES;
    }
}
