package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The launcher {@code cdc} under a pseudo terminal of util-linux' {@code script}, with what it showed. Closing kills it. */
final class Pty implements AutoCloseable {

    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final long LONGEST_S = 120;

    private final Process process;
    private final Path shown;

    private Pty(Process process, Path shown) {
        this.process = process;
        this.shown = shown;
    }

    /** Skips the test on a machine without {@code script}. */
    static void require() {
        assumeTrue(Files.isExecutable(SCRIPT), SCRIPT + " is missing: no screen is seen on a terminal");
    }

    /** Lays the packaged command out as an installation. */
    static Path install(Path directory) throws IOException {
        Path root = Path.of(Objects.requireNonNull(System.getProperty("pgcdc.root"), "pgcdc.root"));
        Files.createSymbolicLink(directory.resolve("lib"), root.resolve("cdc-cli/target/dist/lib"));
        Path bin = Files.createDirectories(directory.resolve("bin"));
        return Files.copy(root.resolve("cdc"), bin.resolve("cdc"));
    }

    /** Lays out a launcher that starts a {@link CommandLoop} in the command's place: many commands at the price of one JVM. */
    static Path loop(Path launcher) throws IOException {
        String text = Files.readString(launcher);
        String loop = text.replace(Main.class.getName(), CommandLoop.class.getName())
                .replace(
                        "-cp \"$classpath\"",
                        "-cp \"$classpath:" + Path.of("target/test-classes").toAbsolutePath() + "\"");
        assertEquals(
                List.of(1, 1),
                List.of(
                        text.split(Pattern.quote(Main.class.getName()), -1).length - 1,
                        text.split("-cp \"\\$classpath\"", -1).length - 1),
                "the launcher has changed");
        return Files.writeString(launcher.resolveSibling("cdc-loop"), loop);
    }

    /** Starts the launcher in a directory. */
    static Pty start(Path directory, Path launcher, int columns, List<String> arguments) throws IOException {
        Path shown = Files.createTempFile(directory, "shown", ".txt");
        List<String> words = new ArrayList<>(List.of("sh", launcher.toString()));
        words.addAll(arguments);
        String command = "stty cols " + columns + " rows 40; exec "
                + words.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
        ProcessBuilder builder =
                new ProcessBuilder(SCRIPT.toString(), "-qefc", command, shown.toString()).redirectErrorStream(true);
        builder.directory(directory.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("PGPASSFILE", PgServer.passFile().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new Pty(builder.start(), shown);
    }

    /** Returns the lines as the terminal got them; a bar that is drawn again counts as another line. */
    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        Files.readString(shown)
                .lines()
                .filter(line -> !line.startsWith("Script "))
                .flatMap(line -> Stream.of(line.split("\r")))
                .map(line -> line.replaceAll("\033\\[[0-9;]*[A-Za-z]", ""))
                .forEach(lines::add);
        return lines;
    }

    /** Types a command line for a {@link CommandLoop}, and returns what the terminal shows of it, without the echo of the line. */
    String command(List<String> words, String answer) throws IOException {
        int before = shown().length();
        type(String.join(CommandLoop.SEPARATOR, words));
        if (!answer.isEmpty()) {
            Await.until(
                    "the question of " + words, () -> shown().substring(before).contains(Question.END));
            type(answer);
        }
        Await.until("the end of " + words, () -> shown().substring(before).contains(CommandLoop.END));
        String all = shown().substring(before);
        return all.substring(all.indexOf(CommandLoop.START) + CommandLoop.START.length(), all.indexOf(CommandLoop.END))
                .replace("\r\n", "\n");
    }

    private String shown() throws IOException {
        return Files.readString(shown);
    }

    /** Types a line. */
    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
            throw new AssertionError("still running");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
