package io.pgcdc.race;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Small transactions at a steady rate, and how long after its commit each is seen. The clock runs from the commit's answer to the moment
 * at which the reader's callback has the change, or, with ours, its line has been read from the pipe.
 */
final class Beats {

    static final int PER_SECOND = 500;

    private static final String TABLE = "CREATE TABLE race.beats (id bigint PRIMARY KEY, name text, note text);";
    private static final double SLOWEST = 1.05;
    private static final long DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final RaceServer server;
    private final int warmUp;
    private final int count;
    private final AtomicLongArray committed;
    private final AtomicLongArray seen;
    private final AtomicInteger seenCount = new AtomicInteger();

    /**
     * One contestant's times.
     *
     * @param cpuPercent of one core, while it beat
     * @param idleMinuteSeconds CPU in a minute of silence behind it
     */
    record Result(
            String contestant, double p50Ms, double p99Ms, double maxMs, double cpuPercent, double idleMinuteSeconds) {}

    /** @param seconds counted; half as many go before, to warm up */
    private Beats(RaceServer server, int seconds) {
        this.server = server;
        this.warmUp = PER_SECOND * seconds / 2;
        this.count = warmUp + PER_SECOND * seconds;
        this.committed = new AtomicLongArray(count);
        this.seen = new AtomicLongArray(count);
    }

    static Result run(RaceServer server, Contestant contestant, int seconds, int idleSeconds, Path directory)
            throws SQLException, IOException, InterruptedException {
        Lap lap;
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            Backlog.prepare(statement, TABLE);
            lap = Backlog.startHere(server, statement);
        }
        Process process = ProcessMeter.builder(
                        contestant.follow(lap, directory), contestant.environment(lap), directory.resolve("stderr"))
                .start();
        try (Walsender walsender = new Walsender(server, lap.slot())) {
            return new Beats(server, seconds).measure(contestant.label(), process, walsender, idleSeconds);
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Result measure(String label, Process process, Walsender walsender, int idleSeconds)
            throws SQLException, InterruptedException {
        Thread reader = new Thread(() -> read(process), "beats-reader");
        reader.setDaemon(true);
        reader.start();
        await(walsender::isThere, process);
        double cpu = beat(process);
        await(() -> seenCount.get() >= count, process);
        double before = Proc.cpuSeconds(process.pid());
        TimeUnit.SECONDS.sleep(idleSeconds);
        double idle = (Proc.cpuSeconds(process.pid()) - before) * 60 / idleSeconds;
        if (countedSeconds() > SLOWEST * (count - warmUp) / PER_SECOND) {
            System.err.println("the server did not keep up with " + PER_SECOND + " transactions a second");
        }
        double[] millis = new double[count - warmUp];
        for (int i = warmUp; i < count; i++) {
            millis[i - warmUp] = Math.max(0, seen.get(i) - committed.get(i)) / 1e6;
        }
        Arrays.sort(millis);
        return new Result(
                label,
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1],
                100 * cpu / countedSeconds(),
                idle);
    }

    /** As long as it should be, or longer when the server did not keep up with the rate. */
    private double countedSeconds() {
        return (committed.get(count - 1) - committed.get(warmUp)) / 1e9;
    }

    /** CPU seconds of the reader while the counted ones were written. */
    private double beat(Process process) throws SQLException {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO race.beats VALUES (?, ?, ?)")) {
            long start = System.nanoTime();
            double cpu = 0;
            for (int i = 0; i < count; i++) {
                if (i == warmUp) {
                    cpu = Proc.cpuSeconds(process.pid());
                }
                long due = start + i * (TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                insert.setLong(1, i);
                insert.setString(2, "customer " + i);
                insert.setString(3, "a note that says what there was to say today");
                insert.execute();
                committed.set(i, System.nanoTime());
            }
            return Proc.cpuSeconds(process.pid()) - cpu;
        }
    }

    private void read(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                int id;
                if (line.startsWith("{")) {
                    int from = line.indexOf("\"new_data\":{\"id\":") + 17;
                    id = Integer.parseInt(line.substring(from, line.indexOf(',', from)));
                } else {
                    String[] fields = line.split(" ");
                    id = Integer.parseInt(fields[0]);
                    now = Long.parseLong(fields[1]);
                }
                if (seen.compareAndSet(id, 0, now)) {
                    seenCount.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // the process is gone; whoever waits for more says so
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, Process process) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the reader ended, or did not come to see all");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
