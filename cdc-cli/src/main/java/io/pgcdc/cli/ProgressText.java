package io.pgcdc.cli;

import io.pgcdc.cli.progress.Work;
import io.pgcdc.snapshot.SnapshotProgress;
import io.pgcdc.snapshot.SnapshotStatus;
import java.util.Locale;
import java.util.Objects;

/** Says how far work is: as a bar of a terminal, and as a line of the log. */
final class ProgressText {

    private static final int LEAST_BAR = 10;

    private ProgressText() {}

    /** Returns a line of exactly one column less than there are, so that the terminal does not break it. */
    static String bar(SnapshotStatus status, int columns) {
        SnapshotProgress progress = status.progress();
        boolean paused = status.state() == SnapshotStatus.State.PAUSED;
        return bar(
                "snapshot " + status.id(),
                progress.share(),
                Amounts.brief((double) progress.rows()) + " rows  " + Amounts.bytes(progress.bytes()) + "  "
                        + Amounts.brief(progress.rowsPerSecond()) + "/s"
                        + (paused ? "  paused" : left("  ~", progress.secondsLeft(), "")),
                columns);
    }

    /** Returns such a line. */
    static String bar(Work work, int columns) {
        return bar(
                switch (work.kind()) {
                    case READING -> "reading WAL";
                    case DELIVERY -> "sink " + work.sink();
                    case REPLAY -> "replay " + work.sink();
                },
                work.share(),
                done(work) + "  " + Amounts.bytes(Math.round(work.bytesPerSecond())) + "/s"
                        + left("  ~", work.secondsLeft(), ""),
                columns);
    }

    private static String bar(String label, double share, String numbers, int columns) {
        String told = Amounts.percent(share) + "  " + numbers;
        int room = columns - 1 - label.length() - 4 - told.length();
        if (room < LEAST_BAR) {
            return fill(cut(label, columns - 2 - told.length()) + " " + told, columns - 1);
        }
        int done = (int) (room * share);
        return label + " [" + "#".repeat(done) + "-".repeat(room - done) + "] " + told;
    }

    private static String cut(String label, int length) {
        return label.length() <= length ? label : label.substring(0, Math.max(0, length - 1)) + "~";
    }

    private static String fill(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text + " ".repeat(length - text.length());
    }

    private static String done(Work work) {
        return Amounts.bytes(work.doneBytes()) + " of " + Amounts.bytes(work.doneBytes() + work.leftBytes());
    }

    private static String left(String before, long seconds, String after) {
        return seconds < 0 ? "" : before + Amounts.seconds(seconds) + after;
    }

    /** Returns a line of the log. */
    static String line(SnapshotStatus status) {
        SnapshotProgress progress = status.progress();
        boolean paused = status.state() == SnapshotStatus.State.PAUSED;
        return "snapshot " + status.id() + ": " + Amounts.percent(progress.share()) + ", "
                + Amounts.count(progress.rows()) + " rows, " + Amounts.bytes(progress.bytes()) + ", "
                + Amounts.count(Math.round(progress.rowsPerSecond())) + " rows/s"
                + (progress.waitsFor().isEmpty() ? "" : ", waits for running transactions: cdc snapshot progress")
                + (paused ? ", paused" : left(", about ", progress.secondsLeft(), " left"));
    }

    /** Returns a line of the log. */
    static String line(Work work) {
        return switch (work.kind()) {
                    case READING -> "reading WAL that the server has written before";
                    case DELIVERY -> "sink " + work.sink() + " catches up with the queue";
                    case REPLAY -> "sink " + work.sink() + " gets its replay";
                }
                + ": " + Amounts.percent(work.share()) + ", " + done(work) + ", "
                + Amounts.bytes(Math.round(work.bytesPerSecond())) + "/s"
                + left(", about ", work.secondsLeft(), " left");
    }

    /** Returns the line of a snapshot that is over. */
    static String end(SnapshotStatus status) {
        SnapshotProgress progress = status.progress();
        return "snapshot " + status.id() + ": " + status.state().name().toLowerCase(Locale.ROOT) + ", "
                + Amounts.count(progress.rows()) + " rows of " + progress.tables()
                + (progress.tables() == 1 ? " table, " : " tables, ")
                + Amounts.bytes(progress.bytes()) + " in " + Amounts.seconds(progress.nanos() / 1_000_000_000);
    }

    /** Returns the line of a backlog that is done. */
    static String end(Work work) {
        return (work.kind() == Work.Kind.READING
                        ? "caught up with the server: "
                        : "sink " + Objects.requireNonNull(work.sink()) + " has caught up with the queue: ")
                + Amounts.bytes(work.doneBytes()) + (work.kind() == Work.Kind.READING ? " of WAL" : "") + " in "
                + Amounts.seconds(Math.round(work.seconds()));
    }
}
