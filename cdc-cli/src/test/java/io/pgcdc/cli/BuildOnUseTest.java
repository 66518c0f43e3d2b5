package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the launcher {@code cdc} builds in a source tree, and what it does if it cannot. Maven is a script here, which notes its calls. */
class BuildOnUseTest {

    private static final String MAVEN = """
            #!/bin/sh
            echo "$*" >>'%s'
            [ ! -f broken ] || { echo "no such symbol"; exit 1; }
            case $* in
              *-Dconnect.worker.skip=false*) mkdir -p cdc-servers/connect-worker/target/worker/lib cdc-connect/target/x-plugin ;;
              *)
                for module in cdc-cli cdc-demo; do
                  mkdir -p $module/target/dist.new/lib
                  : >$module/target/dist.new/lib/jvm.args
                done
                ;;
            esac
            """;

    @TempDir
    Path directory;

    private Path root = Path.of("");
    private Path dist = Path.of("");
    private Path calls = Path.of("");
    private FakeJdk jdk = new FakeJdk(Path.of(""));

    @BeforeEach
    void check() throws IOException {
        jdk = new FakeJdk(directory.resolve("jdk"));
        jdk.java(17);
        FakeJdk.program(jdk.home().resolve("bin/javac"), "");
        calls = directory.resolve("calls");
        root = tree("source tree");
    }

    private Path tree(String name) throws IOException {
        Path tree = Files.createDirectories(directory.resolve(name));
        Files.copy(Path.of("..", "cdc"), tree.resolve("cdc"));
        Files.copy(
                Path.of("..", ".mvn", "build-on-use.sh"),
                Files.createDirectories(tree.resolve(".mvn")).resolve("build-on-use.sh"));
        FakeJdk.program(tree.resolve("mvnw"), MAVEN.formatted(calls));
        for (String module : List.of("cdc-cli", "cdc-demo", "cdc-connect")) {
            Files.createFile(Files.createDirectories(tree.resolve(module)).resolve("pom.xml"));
        }
        Files.createFile(
                Files.createDirectories(tree.resolve("cdc-cli/src/main")).resolve("Main.java"));
        dist = tree.resolve("cdc-cli/target/dist");
        return tree;
    }

    private List<String> launch(String... arguments) throws Exception {
        return jdk.launch(root.resolve("cdc"), Map.of(), arguments);
    }

    private int builds() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    /** Makes the sources newer than the build. */
    private void edit() throws IOException {
        Files.setLastModifiedTime(dist.resolve("built"), FileTime.from(Instant.EPOCH));
    }

    private static String classPath(List<String> line) {
        return line.get(line.indexOf("-cp") + 1);
    }

    @Test
    void itBuildsOnFirstUseAndAfterAChange() throws Exception {
        launch("run");
        launch("run");
        assertEquals(1, builds());
        edit();
        launch("run");
        launch("run");
        assertEquals(2, builds());
        assertTrue(Files.readAllLines(calls).get(0).contains("-pl cdc-cli,cdc-demo -am"));
    }

    @Test
    void theDemosJarsComeAfterTheCommandsAndOnlyWhereTheyAreWanted() throws Exception {
        launch("run");
        String command = dist + "/lib/*";
        String both = command + ":" + root.resolve("cdc-demo/target/dist/lib") + "/*";
        assertEquals(command, classPath(launch("run", "-c", "cdc.yaml")));
        assertEquals(command, classPath(launch("--version")));
        assertEquals(both, classPath(launch("demo", "--keep-running")));
        assertEquals(both, classPath(launch("--help")));
        assertEquals(both, classPath(launch()));
    }

    @Test
    void theConnectorIsBuiltOnceForTheDemoThatShowsIt() throws Exception {
        launch("demo", "--keep-running");
        launch("run", "--connect");
        assertEquals(1, builds());
        launch("demo", "--keep-running", "--connect");
        launch("demo", "--connect");
        assertEquals(2, builds());
        String build = Files.readAllLines(calls).get(1);
        assertTrue(build.contains("-pl cdc-connect -am"), build);
    }

    /** Each of them finds no build; one builds. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void firstStartsAtOnceBuildOnce(boolean flock) throws Exception {
        FakeJdk.program(
                root.resolve("mvnw"),
                MAVEN.formatted(calls) + "echo building >building; until [ -f go ]; do sleep 0.05; done\n");
        if (!flock) {
            hideFlock();
        }
        Process first =
                jdk.process(List.of(), root.resolve("cdc"), Map.of(), "run").start();
        Await.until("the build", () -> Files.exists(root.resolve("building")));
        List<Process> others = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            others.add(
                    jdk.process(List.of(), root.resolve("cdc"), Map.of(), "run").start());
        }
        for (Process other : others) {
            assertEquals(
                    "cdc: waiting for another build",
                    other.inputReader(StandardCharsets.UTF_8).readLine());
        }
        Files.createFile(root.resolve("go"));
        for (Process start : List.of(first, others.get(0), others.get(1))) {
            String said = start.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
            assertEquals(0, start.waitFor(), said);
            assertTrue(said.endsWith("io.pgcdc.cli.Main\nrun"), said);
        }
        assertEquals(1, builds());
        assertFalse(Files.isSymbolicLink(root.resolve("cdc-cli/target/build.pid")));
    }

    /** The launcher as it is on a system without flock. */
    private void hideFlock() throws IOException {
        Path script = root.resolve(".mvn/build-on-use.sh");
        String text = Files.readString(script);
        assertEquals(3, text.split("command -v flock", -1).length);
        Files.writeString(script, text.replace("command -v flock", "false"));
    }

    @Test
    void aLockOfAKilledBuildIsNamed() throws Exception {
        hideFlock();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Files.createDirectories(root.resolve("cdc-cli/target"));
        Path lock = Files.createSymbolicLink(root.resolve("cdc-cli/target/build.pid"), Path.of("" + ended.pid()));
        FakeJdk.Result refused = jdk.start(root.resolve("cdc"), Map.of(), "run");
        assertEquals(1, refused.exit());
        assertTrue(refused.lines().get(0).endsWith("Remove its lock: rm '" + lock + "'"), refused.toString());
        Files.delete(lock);
        launch("run");
    }

    @Test
    void aFailedBuildLeavesTheLastOne() throws Exception {
        launch("run");
        edit();
        Files.createFile(root.resolve("broken"));
        FakeJdk.Result failed = jdk.start(root.resolve("cdc"), Map.of(), "run");
        assertEquals(1, failed.exit());
        String said = failed.lines().toString();
        assertTrue(said.contains("no such symbol"), said);
        assertTrue(said.contains("CDC_BUILD=no '" + root.resolve("cdc") + "'"), said);
        List<String> line = jdk.launch(root.resolve("cdc"), Map.of("CDC_BUILD", "no"), "run");
        assertEquals(dist + "/lib/*", classPath(line));
        assertTrue(Files.exists(dist.resolve("lib/jvm.args")));
    }

    @Test
    void aReadOnlyTreeStartsItsBuildAndSaysSoOnce() throws Exception {
        launch("run");
        edit();
        FakeJdk.readOnly(root);
        Map<String, String> noCache = Map.of("CDC_CACHE_DIR", "/dev/null/x");
        FakeJdk.Result result = jdk.withoutPrivileges(root.resolve("cdc"), noCache, "run");
        assertEquals(0, result.exit(), result.toString());
        List<String> said =
                result.lines().stream().filter(word -> word.startsWith("cdc: ")).toList();
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.get(0).endsWith("starting the last build"), said.toString());
        assertEquals(said.get(0), result.lines().get(0));
        assertTrue(result.lines().get(1).startsWith("@"), result.toString());
        assertEquals(1, builds());
    }

    @Test
    void aReadOnlyTreeWithoutABuildIsRefused() throws Exception {
        FakeJdk.readOnly(root);
        FakeJdk.Result result = jdk.withoutPrivileges(root.resolve("cdc"), Map.of(), "run");
        assertEquals(1, result.exit());
        assertEquals(1, result.lines().size(), result.toString());
        assertTrue(result.lines().get(0).contains("there is no build yet"), result.toString());
    }

    @Test
    void aTreeWithAColonInItsNameIsRefused() throws Exception {
        FakeJdk.Result result = jdk.start(tree("10:30").resolve("cdc"), Map.of(), "run");
        assertEquals(1, result.exit());
        assertTrue(result.lines().get(0).endsWith("Rename the folder."), result.toString());
        assertEquals(0, builds());
    }
}
