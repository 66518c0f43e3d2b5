package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pgcdc.queue.ConfirmPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfirmFileTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @TempDir
    Path directory;

    private ConfirmFile file() {
        return new ConfirmFile(directory.resolve("confirm"));
    }

    @Test
    void withoutSwitchesThereIsNoPolicy() {
        assertNull(file().last());
        assertEquals(List.of(), file().lines());
    }

    @Test
    void theLastSwitchCounts() {
        file().add(NOON, ConfirmPolicy.QUEUE, 0x16B374D48L, "little room");
        assertEquals(ConfirmPolicy.QUEUE, file().last());
        file().add(NOON, ConfirmPolicy.SINKS, 0x16B374D48L, "room");
        assertEquals(ConfirmPolicy.SINKS, file().last());
        assertEquals(
                List.of(
                        "2026-01-02T12:00:00Z queue acknowledged=1/6B374D48 little room",
                        "2026-01-02T12:00:00Z sinks acknowledged=1/6B374D48 room"),
                file().lines());
    }

    @Test
    void aLineThatSaysNothingCountsAsQueue() throws Exception {
        Files.writeString(directory.resolve("confirm"), "noon\n");
        assertEquals(ConfirmPolicy.QUEUE, file().last());
    }

    @Test
    void oldLinesAreForgotten() throws Exception {
        Files.writeString(directory.resolve("confirm"), "old\n".repeat(ConfirmFile.LINES));
        file().add(NOON, ConfirmPolicy.SINKS, 1, "room");
        assertEquals(ConfirmFile.LINES, file().lines().size());
        assertEquals(ConfirmPolicy.SINKS, file().last());
    }
}
