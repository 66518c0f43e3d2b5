package io.pgcdc.cli;

import io.pgcdc.cli.log.LogOutput;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import io.pgcdc.snapshot.SnapshotProgress;
import io.pgcdc.snapshot.SnapshotStatus;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on standard error how far snapshots are: a bar on a terminal, a line of the log now and then elsewhere. Has a thread of its own, which
 * only reads memory.
 */
final class ProgressReport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressReport.class);

    /** The launcher sets it if standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "cdc.stderr.terminal";

    private static final String COLUMNS_PROPERTY = "cdc.stderr.columns";
    private static final int COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;
    private static final int LEAST_BAR = 10;
    private static final long TURN_MS = 500;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Pipeline pipeline;
    private final PrintStream to;
    private final boolean terminal;
    private final int columns;
    private final Set<String> ended = new HashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private long lastLineNanos = System.nanoTime();
    private volatile boolean barShown;

    ProgressReport(Pipeline pipeline, PrintStream to, boolean terminal, int columns) {
        this.pipeline = pipeline;
        this.to = to;
        this.terminal = terminal;
        // a terminal may say that it has none
        this.columns = columns < LEAST_COLUMNS ? COLUMNS : columns;
        thread = new Thread(this::work, "cdc/" + pipeline.status().name() + "/snapshot");
        thread.setDaemon(true);
    }

    /**
     * Begins to tell.
     *
     * @param alone false: other pipelines write to standard error as well, so a bar would not stay in its place
     * @param records true if records go to standard output: if that is the terminal, too, a bar would stand between them
     */
    static ProgressReport start(Pipeline pipeline, boolean records, boolean alone) {
        boolean shared = records && Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY);
        ProgressReport report = new ProgressReport(
                pipeline,
                System.err,
                alone && !shared && !LogOutput.isJson() && Boolean.getBoolean(TERMINAL_PROPERTY),
                Integer.getInteger(COLUMNS_PROPERTY, COLUMNS));
        LogOutput.beforeEachLine(report::clearBar);
        report.thread.start();
        return report;
    }

    private void work() {
        try {
            while (!stopped.await(TURN_MS, TimeUnit.MILLISECONDS)) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells what has changed. */
    synchronized void turn() {
        boolean due = terminal || System.nanoTime() - lastLineNanos > LINE_NANOS;
        for (SnapshotStatus status : pipeline.status().snapshots()) {
            if (status.isOver()) {
                if (ended.add(status.id())) {
                    LOG.info("{}", end(status));
                }
            } else if (due && status.state() != SnapshotStatus.State.WAITING) {
                lastLineNanos = System.nanoTime();
                tell(status);
            }
        }
        to.flush();
    }

    private void tell(SnapshotStatus status) {
        if (terminal) {
            to.print("\r" + bar(status, columns));
            barShown = true;
        } else {
            LOG.info("{}", numbers(status));
        }
    }

    /** Makes place for a line of the log. Any thread: at worst, the bar's end stays before the line. */
    private void clearBar() {
        if (barShown) {
            to.print("\r" + " ".repeat(columns - 1) + "\r");
            barShown = false;
        }
    }

    static String end(SnapshotStatus status) {
        SnapshotProgress progress = status.progress();
        return "snapshot " + status.id() + ": " + status.state().name().toLowerCase(Locale.ROOT) + ", "
                + Amounts.count(progress.rows()) + " rows of " + progress.tables()
                + (progress.tables() == 1 ? " table, " : " tables, ")
                + Amounts.bytes(progress.bytes()) + " in " + Amounts.seconds(progress.nanos() / 1_000_000_000);
    }

    private static String numbers(SnapshotStatus status) {
        SnapshotProgress progress = status.progress();
        boolean paused = status.state() == SnapshotStatus.State.PAUSED;
        long left = progress.secondsLeft();
        return "snapshot " + status.id() + ": " + Amounts.percent(progress.share()) + ", "
                + Amounts.count(progress.rows()) + " rows, " + Amounts.bytes(progress.bytes()) + ", "
                + Amounts.count(Math.round(progress.rowsPerSecond())) + " rows/s"
                + (progress.waitsFor().isEmpty() ? "" : ", waits for running transactions: cdc snapshot progress")
                + (paused ? ", paused" : left < 0 ? "" : ", about " + Amounts.seconds(left) + " left");
    }

    /** Returns a line of exactly one column less than there are, so that the terminal does not break it. */
    static String bar(SnapshotStatus status, int columns) {
        SnapshotProgress progress = status.progress();
        long left = progress.secondsLeft();
        boolean paused = status.state() == SnapshotStatus.State.PAUSED;
        String numbers = Amounts.percent(progress.share()) + "  " + Amounts.count(progress.rows()) + " rows  "
                + Amounts.bytes(progress.bytes()) + "  "
                + Amounts.count(Math.round(progress.rowsPerSecond())) + "/s"
                + (paused ? "  paused" : left < 0 ? "" : "  ~" + Amounts.seconds(left));
        int room = columns - 1 - status.id().length() - 4 - numbers.length();
        if (room < LEAST_BAR) {
            return fill(status.id() + " " + numbers, columns - 1);
        }
        int done = (int) (room * progress.share());
        return status.id() + " [" + "#".repeat(done) + "-".repeat(room - done) + "] " + numbers;
    }

    private static String fill(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text + " ".repeat(length - text.length());
    }

    /** Tells what has ended since, and ends. */
    @Override
    public void close() {
        stopped.countDown();
        turn();
        clearBar();
    }
}
