package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A JDK whose java prints its arguments, and writes the class-data archive that it is asked for; and launchers that find it. */
record FakeJdk(Path home) {

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private static final String JAVA = """
            #!/bin/sh
            for argument; do
              case $argument in -XX:ArchiveClassesAtExit=*) : >"${argument#*=}" && exit ;; esac
            done
            printf '%s\\n' "$@"
            """;

    /** How a launcher ended, and what it wrote to both streams. */
    record Result(int exit, List<String> lines) {}

    Path java() {
        return home.resolve("bin/java");
    }

    void java(int version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        program(java(), JAVA);
    }

    static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void readOnly(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
            }
        }
    }

    /** Returns what a launcher prints that ends well. */
    List<String> launch(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        Result result = start(launcher, environment, arguments);
        assertEquals(0, result.exit(), result.lines().toString());
        return result.lines();
    }

    Result start(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        return run(List.of(), launcher, environment, arguments);
    }

    /** Runs a launcher for which files are read-only if their permissions say so, also if the superuser runs the test. */
    Result withoutPrivileges(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        if (!"root".equals(System.getProperty("user.name"))) {
            return start(launcher, environment, arguments);
        }
        assumeTrue(Files.isExecutable(SETPRIV), SETPRIV + " is missing: the superuser may write anywhere");
        return run(
                List.of(SETPRIV.toString(), "--bounding-set=-all", "--inh-caps=-all"),
                launcher,
                environment,
                arguments);
    }

    private Result run(List<String> before, Path launcher, Map<String, String> environment, String... arguments)
            throws Exception {
        Process process = process(before, launcher, environment, arguments).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return new Result(process.waitFor(), lines);
    }

    ProcessBuilder process(List<String> before, Path launcher, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("sh", launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("CDC_"));
        builder.environment().putAll(environment);
        return builder;
    }
}
