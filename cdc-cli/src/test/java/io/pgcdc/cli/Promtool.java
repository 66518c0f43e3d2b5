package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus's own tool for texts and rules: the one of the machine, or of Debian's package, which is unpacked into the build's directory. */
final class Promtool {

    private static final String NAME = "promtool";
    private static final long LONGEST_S = 120;

    private Promtool() {}

    /** Checks that Prometheus reads the text, and finds nothing to object to. */
    static void check(String metrics, Path scratch) throws IOException, InterruptedException {
        Path file = Files.writeString(scratch.resolve("metrics.txt"), metrics);
        run(file, "check", "metrics");
    }

    /** Runs the tool on a file. */
    static void run(Path input, String... words) throws IOException, InterruptedException {
        ArrayList<String> command = new ArrayList<>(List.of(path().toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    /** Returns the program. Skips the test on a machine that has neither it nor Debian's packages. */
    static synchronized Path path() throws IOException, InterruptedException {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path there = Path.of(directory, NAME);
            if (Files.isExecutable(there)) {
                return there;
            }
        }
        Path unpacked = Path.of("target", "prometheus").toAbsolutePath();
        Path tool = unpacked.resolve("usr/bin").resolve(NAME);
        if (!Files.isExecutable(tool)) {
            Files.createDirectories(unpacked);
            unpack(unpacked);
        }
        return tool;
    }

    private static void unpack(Path into) throws IOException, InterruptedException {
        String script = "(apt-get download prometheus || (apt-get update -q && apt-get download prometheus))"
                + " && dpkg-deb -x prometheus_*.deb .";
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(into.toFile())
                .redirectErrorStream(true)
                .redirectOutput(into.resolve("log").toFile())
                .start();
        if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            abort("promtool is not on the PATH, and Debian's package prometheus cannot be downloaded: "
                    + Files.readString(into.resolve("log")));
        }
    }
}
