package io.pgcdc.queue.disk;

import io.pgcdc.model.Lsn;
import io.pgcdc.queue.GapLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A {@link GapLog} in the queue's file {@code gaps}. */
final class GapFile implements GapLog {

    private final Path file;

    GapFile(Path file) {
        this.file = file;
    }

    @Override
    public void add(Instant when, long fromLsn, long toLsn, int epoch, int timeline, String reason) {
        String line = when + " " + reason + " from=" + Lsn.toString(fromLsn) + " to=" + Lsn.toString(toLsn) + " epoch="
                + epoch + " timeline=" + timeline + "\n";
        try {
            String before = Files.exists(file) ? Files.readString(file) : "";
            DurableFiles.write(file, (before + line).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", file, e);
        }
    }

    @Override
    public List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", file, e);
        }
    }
}
