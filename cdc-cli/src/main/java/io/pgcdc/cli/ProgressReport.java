package io.pgcdc.cli;

import io.pgcdc.cli.log.LogOutput;
import io.pgcdc.cli.progress.Work;
import io.pgcdc.cli.progress.WorkWatch;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import io.pgcdc.snapshot.SnapshotStatus;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on standard error how far work is that takes a while: snapshots, replays and backlogs. A bar on a terminal; several take turns. Elsewhere a
 * line of the log now and then. Has a thread of its own, which only reads memory.
 */
final class ProgressReport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressReport.class);

    /** The launcher sets it if standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "cdc.stderr.terminal";

    private static final String COLUMNS_PROPERTY = "cdc.stderr.columns";
    private static final int COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;
    private static final long TURN_MS = 500;

    /** When there has been nothing to tell for some turns. */
    private static final long QUIET_TURN_MS = 2_000;

    private static final int QUIET_AFTER_TURNS = 20;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A bar stays for 4 s while there are others. */
    private static final long TURNS_A_BAR = 8;

    private final WorkWatch watch;
    private final PrintStream to;
    private final boolean terminal;
    private final int columns;
    private final Set<String> ended = new HashSet<>();
    private final Map<String, String> lastLines = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private long lastLineNanos = System.nanoTime();
    private long turns;
    private int quietTurns;
    private volatile boolean barShown;

    ProgressReport(WorkWatch watch, PrintStream to, boolean terminal, int columns) {
        this.watch = watch;
        this.to = to;
        this.terminal = terminal;
        // a terminal may say that it has none
        this.columns = columns < LEAST_COLUMNS ? COLUMNS : columns;
        thread = new Thread(this::work, "cdc/" + watch.pipeline().status().name() + "/progress");
        thread.setDaemon(true);
    }

    /**
     * Begins to tell.
     *
     * @param watch only this thread looks with it
     * @param alone false: other pipelines write to standard error as well, so a bar would not stay in its place
     * @param records true if records go to standard output: if that is the terminal, too, a bar would stand between them
     */
    static ProgressReport start(WorkWatch watch, boolean records, boolean alone) {
        boolean shared = records && Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY);
        ProgressReport report = new ProgressReport(
                watch,
                System.err,
                alone && !shared && !LogOutput.isJson() && Boolean.getBoolean(TERMINAL_PROPERTY),
                Integer.getInteger(COLUMNS_PROPERTY, COLUMNS));
        LogOutput.beforeEachLine(report::clearBar);
        report.thread.start();
        return report;
    }

    private void work() {
        try {
            while (!stopped.await(waitMs(), TimeUnit.MILLISECONDS)) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long waitMs() {
        return quietTurns < QUIET_AFTER_TURNS ? TURN_MS : QUIET_TURN_MS;
    }

    /** Tells what has changed. */
    synchronized void turn() {
        watch.look().forEach(work -> LOG.info("{}", ProgressText.end(work)));
        List<SnapshotStatus> snapshots = new ArrayList<>();
        for (SnapshotStatus status : watch.pipeline().status().snapshots()) {
            if (!status.isOver() && status.state() != SnapshotStatus.State.WAITING) {
                snapshots.add(status);
            } else if (status.isOver() && ended.add(status.id())) {
                LOG.info("{}", ProgressText.end(status));
            }
        }
        quietTurns = snapshots.isEmpty() && watch.isQuiet() ? quietTurns + 1 : 0;
        List<Work> works = worthTelling(watch.works());
        if (terminal) {
            showBar(snapshots, works);
        } else if (System.nanoTime() - lastLineNanos > LINE_NANOS) {
            snapshots.forEach(snapshot -> line("snapshot " + snapshot.id(), ProgressText.line(snapshot)));
            works.forEach(work -> line(work.kind() + " " + work.sink(), ProgressText.line(work)));
        }
        to.flush();
    }

    /** Of sinks that lack changes, only the slowest is told of. */
    private static List<Work> worthTelling(List<Work> works) {
        List<Work> told = new ArrayList<>();
        boolean slowest = true;
        for (Work work : works) {
            boolean delivery = work.kind() == Work.Kind.DELIVERY;
            if (!delivery || slowest) {
                told.add(work);
            }
            slowest = slowest && !delivery;
        }
        return told;
    }

    private void showBar(List<SnapshotStatus> snapshots, List<Work> works) {
        int count = snapshots.size() + works.size();
        if (count == 0) {
            clearBar();
            return;
        }
        int chosen = (int) (turns++ / TURNS_A_BAR % count);
        String bar = chosen < snapshots.size()
                ? ProgressText.bar(snapshots.get(chosen), columns)
                : ProgressText.bar(works.get(chosen - snapshots.size()), columns);
        to.print("\r" + bar);
        barShown = true;
    }

    /** Logs a line, unless the last one of this work was the same: nothing moves. */
    private void line(String work, String line) {
        lastLineNanos = System.nanoTime();
        if (!line.equals(lastLines.put(work, line))) {
            LOG.info("{}", line);
        }
    }

    /** Makes place for a line of the log. Any thread: at worst, the bar's end stays before the line. */
    private void clearBar() {
        if (barShown) {
            to.print("\r" + " ".repeat(columns - 1) + "\r");
            barShown = false;
        }
    }

    /** Tells what has ended since, and ends. */
    @Override
    public void close() {
        stopped.countDown();
        turn();
        clearBar();
    }
}
