package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs one process at a time and tells what it cost: its own, and its walsender's. */
final class ProcessMeter {

    private static final int SAMPLE_MS = 20;
    private static final long LONGEST_MINUTES = 30;

    /** Each contestant runs as it is. */
    private static final Set<String> JVM_OPTIONS =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CDC_JAVA_OPTS");

    private ProcessMeter() {}

    /**
     * What one process cost.
     *
     * @param cpuSeconds user and system, the whole of the process
     * @param walsenderSeconds of the server's process that fed it; 0 when it cannot be watched
     * @param anonBytes high-water of RssAnon: what it holds itself
     * @param peakBytes VmHWM: mapped files too
     */
    record Usage(double wallSeconds, double cpuSeconds, double walsenderSeconds, long anonBytes, long peakBytes) {}

    /** A process whose connection is not also said by what this one was started with. */
    static ProcessBuilder builder(List<String> command, Map<String, String> environment, Path stderr) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(stderr.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || JVM_OPTIONS.contains(name));
        builder.environment().putAll(environment);
        return builder;
    }

    /**
     * One contestant's reading.
     *
     * @param directory gets its standard error, and what it needs
     */
    static Usage lap(Lap lap, Contestant contestant, Path directory, String stdout) throws SQLException {
        try (Walsender walsender = new Walsender(lap.server(), lap.slot())) {
            return run(
                    contestant.drain(lap, directory),
                    contestant.environment(lap),
                    Path.of(stdout),
                    directory.resolve("stderr"),
                    walsender);
        }
    }

    /** @throws IllegalStateException when it does not end with 0 */
    static Usage run(
            List<String> command, Map<String, String> environment, Path stdout, Path stderr, Walsender walsender) {
        ProcessBuilder builder = builder(command, environment, stderr).redirectOutput(stdout.toFile());
        double before = Proc.endedChildrenSeconds();
        long start = System.nanoTime();
        try {
            return watch(builder.start(), command.get(0), start, before, stderr, walsender);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Usage watch(
            Process process, String name, long start, double before, Path stderr, Walsender walsender)
            throws InterruptedException {
        try {
            long anon = 0;
            long peak = 0;
            while (!process.waitFor(SAMPLE_MS, TimeUnit.MILLISECONDS)) {
                anon = Math.max(anon, Proc.anonBytes(process.pid()));
                peak = Math.max(peak, Proc.peakBytes(process.pid()));
                walsender.sample();
                if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(LONGEST_MINUTES)) {
                    process.destroyForcibly();
                }
            }
            double wall = (System.nanoTime() - start) / 1e9;
            if (process.exitValue() != 0) {
                throw new IllegalStateException(name + " ended with " + process.exitValue() + ": " + Proc.tail(stderr));
            }
            return new Usage(wall, Proc.endedChildrenSeconds() - before, walsender.cpuSeconds(), anon, peak);
        } finally {
            process.destroyForcibly();
        }
    }
}
