package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.Position;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SinkCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink's checkpoint with a replay in it, in the file that older versions wrote. */
class ReplayCheckpointTest {

    private static final int VERSION_AT = 4;
    private static final SinkCheckpoint HOME = new SinkCheckpoint(9, new Position(0, 90, 3), 91);

    @TempDir
    Path directory;

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = directory.resolve("out.ckpt");
    }

    private static SinkCheckpoint replaying(long index) {
        ReplayState replay = new ReplayState(
                new Position(0, 10, -1),
                new Position(0, 90, 3),
                true,
                2,
                9,
                List.of("public.t", "öffentlich.*"),
                List.of(7, 1 << 20),
                HOME);
        return new SinkCheckpoint(index, new Position(0, index, 0), 0, replay);
    }

    private void write(SinkCheckpoint... values) {
        try (CheckpointFile<SinkCheckpoint> file = CheckpointFile.open(path, SinkCheckpoint.LAYOUT)) {
            for (SinkCheckpoint value : values) {
                file.write(value);
                file.force();
            }
        }
    }

    private @Nullable SinkCheckpoint stored() {
        try (CheckpointFile<SinkCheckpoint> file = CheckpointFile.open(path, SinkCheckpoint.LAYOUT)) {
            return file.current();
        }
    }

    private int version(int slot) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(path)).getShort(slot * CheckpointFile.SLOT_BYTES + VERSION_AT);
    }

    @Test
    void aReplayComesBackAndEnds() {
        write(HOME, replaying(3));
        assertEquals(replaying(3), stored());
        write(replaying(4));
        assertEquals(replaying(4), stored());
        assertEquals(HOME, replaying(4).home());
        write(HOME);
        assertEquals(HOME, stored());
    }

    /** Older versions of pgcdc open it. They know the version of each slot, and refuse another one. */
    @Test
    void onlyAReplayHasTheLaterVersion() throws IOException {
        write(HOME, HOME);
        assertEquals(List.of(1, 1), List.of(version(0), version(1)));
        write(replaying(3));
        assertEquals(3, version(0) + version(1));
        write(HOME, HOME);
        assertEquals(List.of(1, 1), List.of(version(0), version(1)));
    }

    @Test
    void aTornReplayKeepsThePreviousValue() throws IOException {
        write(HOME, replaying(3));
        int slot = version(0) == 2 ? 0 : 1;
        byte[] whole = Files.readAllBytes(path);
        int end = slot * CheckpointFile.SLOT_BYTES
                + 20
                + 36
                + 8
                + replaying(3).replay().toBytes().length;
        for (int at = slot * CheckpointFile.SLOT_BYTES; at < end; at++) {
            byte[] torn = whole.clone();
            torn[at] ^= 1;
            Files.write(path, torn);
            assertEquals(HOME, stored(), "byte " + at);
        }
        // the head of a later write, with the extra part of an earlier one
        Files.write(path, whole);
        write(replaying(4), replaying(5));
        byte[] later = Files.readAllBytes(path);
        System.arraycopy(later, slot * CheckpointFile.SLOT_BYTES, whole, slot * CheckpointFile.SLOT_BYTES, 56);
        Files.write(path, whole);
        assertEquals(HOME, stored());
    }
}
