package io.pgcdc.queue;

import io.pgcdc.model.Lsn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The gaps that a person accepted, a line each, in the queue's file {@code gaps}: what is missing can be told for ever after. Belongs to
 * the thread that starts the pipeline.
 */
public final class GapLog {

    private final Path file;

    GapLog(Path file) {
        this.file = file;
    }

    /**
     * Adds a line, durably.
     *
     * @param fromLsn where the queue ended
     * @param toLsn where the slot stands
     * @param epoch that begins behind the gap
     * @param reason the code of the error that was overruled
     */
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

    /** The lines, oldest first. */
    public List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", file, e);
        }
    }
}
