package io.pgcdc.cli;

import io.pgcdc.servers.PgServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged command in a process of its own, its output in files. */
final class CdcProcess implements AutoCloseable {

    /** SQL for the publication {@code everything}: made before the slot, without a process of its own. */
    static final String PUBLISH_EVERYTHING = "CREATE PUBLICATION everything FOR ALL TABLES";

    private static final long LONGEST_MINUTES = 5;

    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private CdcProcess(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** How long what it does may take to be seen. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    /** SQL that makes a slot. */
    static String createSlot(String name) {
        return "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')";
    }

    static CdcProcess start(Path directory, String... arguments) {
        return start(directory, List.of("-Xmx256m"), arguments);
    }

    /** {@code cdc run} with the file cdc.yaml of the directory. */
    static CdcProcess run(Path directory, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("run", "-c", directory.resolve("cdc.yaml").toString()));
        arguments.addAll(List.of(more));
        return start(directory, arguments.toArray(String[]::new));
    }

    static CdcProcess start(Path directory, List<String> jvmOptions, String... arguments) {
        return start(directory, false, jvmOptions, List.of(arguments));
    }

    /** With stdout as a pipe to {@link #reader}; the file {@link #stdout} stays empty. */
    static CdcProcess startPiped(Path directory, List<String> arguments) {
        return start(directory, true, List.of("-Xmx256m"), arguments);
    }

    private static CdcProcess start(Path directory, boolean piped, List<String> jvmOptions, List<String> arguments) {
        Path lib = Path.of(System.getProperty("pgcdc.root"), "cdc-cli/target/dist/lib");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(Arrays.asList(System.getProperty("pgcdc.jvm.args").trim().split("\\s+")));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", lib + File.separator + "*", "io.pgcdc.cli.Main"));
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

    Path stdout() {
        return stdout;
    }

    /** The reading end of the pipe; closing it is what the process must bear. */
    BufferedReader reader() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    String stderr() {
        return read(stderr);
    }

    long pid() {
        return process.pid();
    }

    /** Bytes written so far. */
    long stdoutBytes() {
        return stdout.toFile().length();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    void terminate() {
        process.destroy();
    }

    int awaitExit() {
        return awaitExit(TimeUnit.MINUTES.toSeconds(LONGEST_MINUTES));
    }

    int awaitExit(long longestSeconds) {
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
