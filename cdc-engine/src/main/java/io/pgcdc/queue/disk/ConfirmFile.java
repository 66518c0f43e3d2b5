package io.pgcdc.queue.disk;

import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.ConfirmPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link ConfirmLog} in the queue's file {@code confirm}. It keeps the last {@value #LINES} lines. */
final class ConfirmFile implements ConfirmLog {

    static final int LINES = 1_000;

    private final Path file;

    ConfirmFile(Path file) {
        this.file = file;
    }

    @Override
    public void add(Instant when, ConfirmPolicy now, long flushLsn, String why) {
        List<String> lines = new ArrayList<>(lines());
        lines.add(when + " " + word(now) + " acknowledged=" + Lsn.toString(flushLsn) + " " + why);
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        try {
            DurableFiles.write(file, (String.join("\n", last) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", file, e);
        }
    }

    @Override
    public @Nullable ConfirmPolicy last() {
        List<String> lines = lines();
        if (lines.isEmpty()) {
            return null;
        }
        // when in doubt, a change may be in the queue only
        return lines.get(lines.size() - 1).contains(" " + word(ConfirmPolicy.SINKS) + " acknowledged=")
                ? ConfirmPolicy.SINKS
                : ConfirmPolicy.QUEUE;
    }

    @Override
    public List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", file, e);
        }
    }

    private static String word(ConfirmPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }
}
