package io.pgcdc.testkit.process;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The packaged command in a process of its own, its output in files. Closing kills it. One thread. */
public final class CdcProcess implements AutoCloseable {

    /** SQL for the publication {@code everything}: made before the slot, without a process of its own. */
    public static final String PUBLISH_EVERYTHING = "CREATE PUBLICATION everything FOR ALL TABLES";

    private static final long LONGEST_MINUTES = 5;

    /** How long a dump of the threads may take. */
    private static final long DUMP_SECONDS = 20;

    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private CdcProcess(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** How long what it does may take to be seen. */
    public static final Duration LONGEST = Duration.ofMinutes(2);

    /** SQL that makes a slot. */
    public static String createSlot(String name) {
        return "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')";
    }

    public static CdcProcess start(Path directory, String... arguments) {
        return start(directory, List.of("-Xmx256m"), arguments);
    }

    /** {@code cdc run} with the file cdc.yaml of the directory. */
    public static CdcProcess run(Path directory, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("run", "-c", directory.resolve("cdc.yaml").toString()));
        arguments.addAll(List.of(more));
        return start(directory, arguments.toArray(String[]::new));
    }

    public static CdcProcess start(Path directory, List<String> jvmOptions, String... arguments) {
        return start(directory, false, jvmOptions, List.of(arguments));
    }

    /** {@code cdc demo}, with the jars that the launcher adds for it. */
    public static CdcProcess demo(Path directory, String... more) {
        List<String> arguments = new ArrayList<>(List.of("demo"));
        arguments.addAll(List.of(more));
        String classPath = jars("cdc-cli") + File.pathSeparator + jars("cdc-demo");
        return start(directory, false, List.of("-Xmx256m"), classPath, arguments);
    }

    /** With stdout as a pipe to {@link #reader}; the file {@link #stdout} stays empty. */
    public static CdcProcess startPiped(Path directory, List<String> arguments) {
        return startPiped(directory, List.of("-Xmx256m"), arguments);
    }

    /** With other options of the JVM. */
    public static CdcProcess startPiped(Path directory, List<String> jvmOptions, List<String> arguments) {
        return start(directory, true, jvmOptions, arguments);
    }

    private static CdcProcess start(Path directory, boolean piped, List<String> jvmOptions, List<String> arguments) {
        return start(directory, piped, jvmOptions, jars("cdc-cli"), arguments);
    }

    private static Path dist(String module) {
        Path root = Path.of(Objects.requireNonNull(System.getProperty("pgcdc.root"), "pgcdc.root"));
        return root.resolve(module).resolve("target/dist");
    }

    private static String jars(String module) {
        return dist(module).resolve("lib") + File.separator + "*";
    }

    /** The launcher's, and those of this build's tests. */
    private static List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of("@" + dist("cdc-cli").resolve("lib/jvm.args")));
        if (Runtime.version().feature() >= 24) {
            options.add("@" + dist("cdc-cli").resolve("lib/jvm-24.args"));
        }
        for (String option : System.getProperty("pgcdc.jvm.args", "").split("\\s+")) {
            if (!option.isEmpty()) {
                options.add(option);
            }
        }
        return options;
    }

    private static CdcProcess start(
            Path directory, boolean piped, List<String> jvmOptions, String classPath, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(jvmOptions());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, "io.pgcdc.cli.Main"));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(directory, "stdout", ".jsonl");
            Path err = Files.createTempFile(directory, "stderr", ".log");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            if (!piped) {
                builder.redirectOutput(out.toFile());
            }
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            // others see a process's arguments
            builder.environment().put("PGPASSFILE", PgServer.passFile().toString());
            return new CdcProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path stdout() {
        return stdout;
    }

    /** The reading end of the pipe; closing it is what the process must bear. */
    public BufferedReader reader() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    /** Returns standard error without the log's lines of level INFO: warnings, errors, and what is no line of the log. */
    public String complaints() {
        return stderr().lines().filter(line -> !line.matches("\\S+Z INFO  .*")).collect(Collectors.joining("\n"));
    }

    public String stderr() {
        return read(stderr);
    }

    public long pid() {
        return process.pid();
    }

    /** Bytes written so far. */
    public long stdoutBytes() {
        return stdout.toFile().length();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Like {@link #await(String, Duration, Await.Condition)}, for {@link #LONGEST} at most. */
    public <E extends Exception> void await(String what, Await.Condition<E> condition) throws E {
        await(what, LONGEST, condition);
    }

    /**
     * Waits until the condition holds, while the process lives.
     *
     * @param what is waited for, for messages
     * @throws AssertionError the process has ended, or the condition does not hold in time. The message has the process's log and, if it lives,
     *     what its threads do
     */
    public <E extends Exception> void await(String what, Duration longest, Await.Condition<E> condition) throws E {
        try {
            Await.until(what, longest, () -> !isAlive() || condition.holds());
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; cdc has written " + stdoutBytes() + " bytes, and said:\n" + stderr()
                            + "Its threads:\n" + threads(),
                    e);
        }
        if (!isAlive()) {
            throw new AssertionError("cdc ended before " + what + "; stderr: " + stderr());
        }
    }

    /** Returns what the threads do, or why that is not known. */
    private String threads() {
        try {
            Path dump = Files.createTempFile("threads", ".txt");
            try {
                String jcmd =
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
                Process asked = new ProcessBuilder(jcmd, Long.toString(pid()), "Thread.print")
                        .redirectErrorStream(true)
                        .redirectOutput(dump.toFile())
                        .start();
                if (!asked.waitFor(DUMP_SECONDS, TimeUnit.SECONDS)) {
                    asked.destroyForcibly();
                }
                return read(dump);
            } finally {
                Files.delete(dump);
            }
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    public void terminate() {
        process.destroy();
    }

    public int awaitExit() {
        return awaitExit(TimeUnit.MINUTES.toSeconds(LONGEST_MINUTES));
    }

    public int awaitExit(long longestSeconds) {
        try {
            if (!process.waitFor(longestSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("cdc did not end; stderr: " + stderr());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
