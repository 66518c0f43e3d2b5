package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/cdc} starts in an installation. */
class LauncherTest {

    @TempDir
    Path directory;

    private Path root = Path.of("");
    private FakeJdk jdk = new FakeJdk(Path.of(""));

    @BeforeEach
    void install() throws IOException {
        jdk = new FakeJdk(directory.resolve("jdk"));
        jdk.java(17);
        root = installed("in stalled");
    }

    private Path installed(String name) throws IOException {
        Path installation = directory.resolve(name);
        Files.copy(
                Path.of("..", "cdc"),
                Files.createDirectories(installation.resolve("bin")).resolve("cdc"));
        Path lib = Files.createDirectories(installation.resolve("lib"));
        Files.createFile(lib.resolve("jvm.args"));
        Files.createFile(lib.resolve("cdc-cli-1.2.0.jar"));
        return installation;
    }

    private List<String> launch(Map<String, String> environment, String... arguments) throws Exception {
        return jdk.launch(root.resolve("bin/cdc"), environment, arguments);
    }

    private static String classPath(List<String> line) {
        return line.get(line.indexOf("-cp") + 1);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void anInstallationHasNoDemo() throws Exception {
        List<String> line = launch(Map.of(), "demo");
        assertEquals(root.resolve("lib") + "/*", classPath(line));
        assertEquals(List.of("io.pgcdc.cli.Main", "demo"), line.subList(line.size() - 2, line.size()));
    }

    @Test
    void aLinkOfAnyNameStartsIt() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("a link"), Path.of("in stalled/bin/cdc"));
        Path other = Files.createSymbolicLink(directory.resolve("pgcdc"), link);
        assertEquals(root.resolve("lib") + "/*", classPath(jdk.launch(other, Map.of(), "run")));
    }

    @Test
    void aCopyOfTheScriptSaysThatItWantsALink() throws Exception {
        Path copy = Files.copy(root.resolve("bin/cdc"), directory.resolve("copy"));
        FakeJdk.Result result = jdk.start(copy, Map.of(), "run");
        assertEquals(1, result.exit());
        assertEquals(1, result.lines().size(), result.lines().toString());
        assertTrue(result.lines().get(0).contains("make a link"), result.lines().toString());
    }

    @Test
    void theClassDataArchiveIsWrittenOncePerRelease() throws Exception {
        Path archive = root.resolve("cache/cdc-1.2.0-java-17.jsa");
        String option = "-XX:SharedArchiveFile=" + archive;
        assertTrue(launch(Map.of(), "run").contains(option));
        Files.writeString(archive, "kept");
        assertTrue(launch(Map.of(), "run").contains(option));
        assertEquals("kept", Files.readString(archive));
        Files.move(root.resolve("lib/cdc-cli-1.2.0.jar"), root.resolve("lib/cdc-cli-1.3.0.jar"));
        launch(Map.of(), "run");
        assertEquals(List.of("cdc-1.3.0-java-17.jsa"), names(root.resolve("cache")));
    }

    @Test
    void aReadOnlyInstallationKeepsTheArchiveInTheUsersCache() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        FakeJdk.readOnly(root);
        List<String> line = jdk.withoutPrivileges(
                        root.resolve("bin/cdc"), Map.of("HOME", home.toString(), "XDG_CACHE_HOME", ""), "run")
                .lines();
        Path cache = home.resolve(".cache/pgcdc");
        Path place = cache.resolve(names(cache).get(0));
        assertEquals(List.of("cdc-1.2.0-java-17.jsa"), names(place));
        assertTrue(line.contains("-XX:SharedArchiveFile=" + place.resolve("cdc-1.2.0-java-17.jsa")), line.toString());
        assertEquals(List.of("bin", "lib"), names(root));
    }

    @Test
    void withoutAWritableFolderThereIsNoArchive() throws Exception {
        FakeJdk.readOnly(root);
        List<String> line = jdk.withoutPrivileges(
                        root.resolve("bin/cdc"), Map.of("CDC_CACHE_DIR", "/dev/null/x"), "run", "-c", "x")
                .lines();
        assertTrue(line.stream().noneMatch(word -> word.contains(".jsa")), line.toString());
        assertEquals(List.of("run", "-c", "x"), line.subList(line.size() - 3, line.size()));
    }

    /** The JVM separates paths by colons. */
    @Test
    void aPathWithAColonIsReachedByALink() throws Exception {
        Path colon = installed("10:30 o'clock");
        Path cache = directory.resolve("cache");
        Map<String, String> environment = Map.of("CDC_CACHE_DIR", cache.toString());
        List<String> line = jdk.launch(colon.resolve("bin/cdc"), environment, "run");
        assertEquals(line, jdk.launch(colon.resolve("bin/cdc"), environment, "run"));
        String classPath = classPath(line);
        assertFalse(classPath.contains(":"), classPath);
        assertTrue(Files.isSameFile(Path.of(classPath.replace("/lib/*", "")), colon), classPath);
        assertTrue(
                line.stream().noneMatch(word -> word.startsWith("-XX:SharedArchiveFile=") && word.contains("10:30")));
        assertTrue(line.stream().anyMatch(word -> word.startsWith("-XX:SharedArchiveFile=" + cache)), line.toString());
        FakeJdk.Result refused = jdk.start(colon.resolve("bin/cdc"), Map.of("CDC_CACHE_DIR", "/dev/null/x"), "run");
        assertEquals(1, refused.exit());
        assertTrue(
                refused.lines().get(0).contains("Set CDC_CACHE_DIR"),
                refused.lines().toString());
    }

    @Test
    void aCollectorOfTheCallerReplacesOurs() throws Exception {
        List<String> ours = List.of("-XX:+UseSerialGC", "-Xmn24m");
        assertTrue(launch(Map.of(), "run").containsAll(ours));
        assertTrue(launch(Map.of("CDC_JAVA_OPTS", "-Xmx1g"), "run").containsAll(ours));
        for (String name : List.of("CDC_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
            List<String> line = launch(Map.of(name, "-Xmx1g -XX:+UseG1GC"), "run");
            assertTrue(ours.stream().noneMatch(line::contains), line.toString());
        }
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
        Files.writeString(jdk.java(), """
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
        String lib = root.resolve("lib").toString();
        assertEquals("@" + lib + "/jvm.args", launch(Map.of(), "run").get(0));
        assertFalse(launch(Map.of(), "run").contains("@" + lib + "/jvm-24.args"));
        jdk.java(24);
        assertEquals(
                List.of("@" + lib + "/jvm.args", "@" + lib + "/jvm-24.args"),
                launch(Map.of(), "run").subList(0, 2));
    }

    /** Its number would be that of the next file that the JVM opens. */
    @Test
    void closedStreamsAreOpened() throws Exception {
        Path seen = directory.resolve("seen");
        Files.writeString(jdk.java(), """
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
        String cdc = root.resolve("bin/cdc").toString();
        for (String closing : List.of("<&- >&- 2>&-", "<&- >&-", "2>&-")) {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec sh \"$1\" run " + closing, "sh", cdc);
            builder.environment().put("JAVA_HOME", jdk.home().toString());
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
