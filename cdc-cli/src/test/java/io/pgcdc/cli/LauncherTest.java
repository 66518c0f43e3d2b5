package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script {@code cdc} starts, in an installation whose java prints its arguments, and writes the archive that it is asked for. */
class LauncherTest {

    private static final String JAVA = """
            #!/bin/sh
            for argument; do
              printf '%s\\n' "$argument"
              case $argument in -XX:ArchiveClassesAtExit=*) : >"${argument#*=}" ;; esac
            done
            """;

    @TempDir
    Path directory;

    private Path root = Path.of("");
    private Path lib = Path.of("");
    private Path home = Path.of("");

    @BeforeEach
    void install() throws IOException {
        root = Files.createDirectory(directory.resolve("in stalled"));
        Files.copy(Path.of("..", "cdc"), root.resolve("cdc"));
        lib = Files.createDirectories(root.resolve("cdc-cli/target/dist/lib"));
        Files.createFile(root.resolve("cdc-cli/target/dist/built"));
        home = Files.createDirectories(directory.resolve("jdk"));
        java(17);
    }

    private void java(int version) throws IOException {
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, JAVA);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> launch(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", root.resolve("cdc").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("CDC_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), lines.toString());
        return lines;
    }

    private static String classPath(List<String> line) {
        return line.get(line.indexOf("-cp") + 1);
    }

    @Test
    void theDemosJarsComeAfterTheCommandsAndOnlyWhereTheyAreWanted() throws Exception {
        Path demo = Files.createDirectories(root.resolve("cdc-demo/target/dist/lib"));
        String both = lib + "/*:" + demo + "/*";
        assertEquals(lib + "/*", classPath(launch(Map.of(), "run", "-c", "cdc.yaml")));
        assertEquals(lib + "/*", classPath(launch(Map.of(), "--version")));
        assertEquals(both, classPath(launch(Map.of(), "demo", "--keep-running")));
        assertEquals(both, classPath(launch(Map.of(), "--help")));
        assertEquals(both, classPath(launch(Map.of())));
    }

    @Test
    void anInstallationWithoutDemoIsAskedAllTheSame() throws Exception {
        List<String> line = launch(Map.of(), "demo");
        assertEquals(lib + "/*", classPath(line));
        assertEquals(List.of("io.pgcdc.cli.Main", "demo"), line.subList(line.size() - 2, line.size()));
    }

    @Test
    void theConnectorIsBuiltOnceForTheDemoThatShowsIt() throws Exception {
        Path javac = home.resolve("bin/javac");
        Path mvnw = root.resolve("mvnw");
        Path calls = directory.resolve("calls");
        Files.writeString(javac, "");
        Files.writeString(mvnw, """
                #!/bin/sh
                echo "$*" >>'%s'
                mkdir -p cdc-servers/connect-worker/target/worker/lib cdc-connect/target/x-plugin
                """.formatted(calls));
        for (Path program : List.of(javac, mvnw)) {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.createFile(Files.createDirectories(root.resolve("cdc-connect")).resolve("pom.xml"));
        Files.writeString(root.resolve("cdc-cli/target/dist/built"), "newer than the sources");
        launch(Map.of(), "demo", "--keep-running");
        launch(Map.of(), "run", "--connect");
        assertFalse(Files.exists(calls));
        launch(Map.of(), "demo", "--keep-running", "--connect");
        launch(Map.of(), "demo", "--connect");
        List<String> builds = Files.readAllLines(calls);
        assertEquals(1, builds.size(), builds.toString());
        assertTrue(builds.get(0).contains("-pl cdc-connect -am"), builds.toString());
        assertTrue(builds.get(0).contains("-Dconnect.worker.skip=false"), builds.toString());
    }

    @Test
    void pluginsAreLookedForBesideIt() throws Exception {
        assertTrue(launch(Map.of(), "run").contains("-Dcdc.plugins=" + root.resolve("plugins")));
    }

    @Test
    void argumentsStayWholeAndOptionsOfTheCallerAreWords() throws Exception {
        List<String> line = launch(Map.of("CDC_JAVA_OPTS", "-Xmx1g -Dx=y"), "run", "-c", "my file.yaml");
        assertTrue(line.containsAll(List.of("-Xmx1g", "-Dx=y", "my file.yaml")), line.toString());
        assertFalse(line.contains("file.yaml"), line.toString());
    }

    /** Otherwise the JVM could not read a name with an accent. A locale that says more is kept. */
    @Test
    void theLocaleKnowsAllCharacters() throws Exception {
        Files.writeString(home.resolve("bin/java"), """
                #!/bin/sh
                for argument; do
                  case $argument in -XX:ArchiveClassesAtExit=*) : >"${argument#*=}" ;; esac
                done
                echo "${LC_ALL:-none}"
                """);
        Map<String, String> nothing = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "");
        for (Map<String, String> locale : List.of(nothing, Map.of("LC_ALL", "C"), Map.of("LC_ALL", "POSIX"))) {
            assertEquals(List.of("C.UTF-8"), launch(locale, "run"), locale.toString());
        }
        assertEquals(List.of("de_DE"), launch(Map.of("LC_ALL", "de_DE"), "run"));
        assertEquals(List.of("none"), launch(Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "de_DE"), "run"));
    }

    @Test
    void theQueuesJvmOptionsComeFromItsFiles() throws Exception {
        String dist = root.resolve("cdc-cli/target/dist").toString();
        assertEquals("@" + dist + "/jvm.args", launch(Map.of(), "run").get(0));
        assertFalse(launch(Map.of(), "run").contains("@" + dist + "/jvm-24.args"));
        java(24);
        assertEquals(
                List.of("@" + dist + "/jvm.args", "@" + dist + "/jvm-24.args"),
                launch(Map.of(), "run").subList(0, 2));
    }

    /** Its number would be that of the next file that the JVM opens. */
    @Test
    void closedStreamsAreOpened() throws Exception {
        Path seen = directory.resolve("seen");
        Files.writeString(home.resolve("bin/java"), """
                #!/bin/sh
                streams=$(for stream in 0 1 2; do readlink "/proc/$$/fd/$stream"; done)
                echo "$streams" >"$SEEN"
                for argument; do
                  case $argument in
                    -Dcdc.stdout.*) echo "$argument" >>"$SEEN" ;;
                    -XX:ArchiveClassesAtExit=*) : >"${argument#*=}" ;;
                  esac
                done
                """);
        String cdc = root.resolve("cdc").toString();
        for (String closing : List.of("<&- >&- 2>&-", "<&- >&-", "2>&-")) {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec sh \"$1\" run " + closing, "sh", cdc);
            builder.environment().put("JAVA_HOME", home.toString());
            builder.environment().put("SEEN", seen.toString());
            Process process = builder.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
            assertEquals("", said);
            List<String> lines = Files.readAllLines(seen);
            assertTrue(lines.size() >= 3, lines.toString());
            assertEquals(closing.contains("<&-"), lines.get(0).equals("/dev/null"), lines.toString());
            assertEquals(closing.startsWith("<"), lines.get(1).equals("/dev/null"), lines.toString());
            assertEquals(closing.contains("2>&-"), lines.get(2).equals("/dev/null"), lines.toString());
            assertEquals(closing.startsWith("<"), lines.contains("-Dcdc.stdout.closed=true"), lines.toString());
        }
    }
}
