package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.cli.plugin.LinesPlugin;
import io.pgcdc.cli.plugin.PluginFolder;
import io.pgcdc.cli.plugin.PluginJar;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink of a third party, from the folder of plugins, is used as one of ours is. */
class PluginIT {

    @TempDir
    Path directory;

    private Path plugins = Path.of("");

    @BeforeEach
    void makeFolder() throws Exception {
        plugins = Files.createDirectory(directory.resolve("plugins"));
        System.setProperty(PluginFolder.PROPERTY, plugins.toString());
    }

    @AfterEach
    void forgetFolder() {
        System.clearProperty(PluginFolder.PROPERTY);
    }

    private Path config(String url, String slot, String sink) throws Exception {
        return Files.writeString(
                directory.resolve("cdc.yaml"), """
                source: {url: "%s", slot: %s, publications: [everything]}
                queue: {dir: "%s"}
                sinks:
                  - {name: mine, type: lines, %s}
                """.formatted(url, slot, directory.resolve("queue"), sink));
    }

    @Test
    void changesReachItsTarget() throws Exception {
        LinesPlugin.write(plugins.resolve("lines.jar"));
        Path lines = directory.resolve("lines.txt");
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("plugin");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            statement.execute(CdcProcess.createSlot(database + "_slot"));
            statement.execute("INSERT INTO t SELECT generate_series(1, 3)");
            Path file = config(server.url(database), database + "_slot", "file: \"" + lines + "\"");
            CommandRun run = CommandRun.of(List.of("run", "-c", file.toString(), "--until-caught-up"));
            assertEquals(0, run.exitCode(), run.stderr());
        } finally {
            server.dropDatabase(database);
        }
        String written = Files.readString(lines);
        assertTrue(
                written.matches(
                        "(change at [0-9A-F]+/[0-9A-F]+:[012]\n){3}(flushed: change at \n)+closed: change at \n"),
                written);
    }

    @Test
    void itsSettingsAreCheckedAndShown() throws Exception {
        LinesPlugin.write(plugins.resolve("lines.jar"));
        Path file = config("postgresql://cdc@localhost/shop", "s", "format: long, token: hunter2");
        String shown = CommandRun.of(List.of("config", "-c", file.toString())).stdout();
        assertTrue(shown.contains("    type: lines\n"), shown);
        assertTrue(shown.matches("(?s).*\n    format: long +# " + file + ":4\n.*"), shown);
        assertTrue(shown.matches("(?s).*\n    token: \"\\*+\".*"), shown);
        assertTrue(shown.matches("(?s).*\n    file: lines +# default\n.*"), shown);

        Path wrong = config("postgresql://cdc@localhost/shop", "s", "format: long, tokn: x");
        Refusal.of(directory, List.of("config", "-c", wrong.toString()))
                .is(ErrorCode.CONFIG_CONFLICT)
                .says(
                        "cdc.yaml:4:45: CDC-001 unknown key \"tokn\"",
                        "did you mean \"token\"?",
                        "token is missing for format: long; write it");
    }

    @Test
    void flagsKnowItsType() throws Exception {
        LinesPlugin.write(plugins.resolve("lines.jar"));
        List<String> flags =
                List.of("--source", "postgresql://cdc@localhost/shop", "--slot", "s", "--publication", "p");
        List<String> sink = List.of("--queue-dir", "queue", "--sink", "lines", "--format", "short");
        CommandRun run = CommandRun.of(
                Stream.of(List.of("config"), flags, sink).flatMap(List::stream).toList());
        assertEquals("", run.stderr());
        assertTrue(run.stdout().matches("(?s).*\n    format: short +# --format\n.*"), run.stdout());
    }

    @Test
    void anUnknownTypeNamesThePlugins() throws Exception {
        LinesPlugin.write(plugins.resolve("lines.jar"));
        Path file = Files.writeString(directory.resolve("cdc.yaml"), "sinks: [{name: x, type: teleprinter}]\n");
        Refusal.of(directory, List.of("config", "-c", file.toString()))
                .says(
                        "known names are change_logs, feed, inbox, kafka, lines, projection, stdout; plugins are searched in "
                                + plugins);
    }

    @Test
    void aTypeThatIsTakenIsRefused() {
        LinesPlugin.write(plugins.resolve("a.jar"));
        LinesPlugin.write(plugins.resolve("b.jar"));
        Refusal.of(directory, List.of("config"))
                .is(ErrorCode.PLUGIN_TYPE_TAKEN)
                .says(
                        "sink type \"lines\"",
                        "plugin " + plugins.resolve("a.jar"),
                        "plugin " + plugins.resolve("b.jar"));
    }

    @Test
    void aTypeOfOursIsRefused() {
        Path jar = new PluginJar()
                .provider("io.pgcdc.sinks.stdout.StdoutSinkProvider")
                .write(plugins.resolve("ours.jar"));
        Refusal.of(directory, List.of("config"))
                .is(ErrorCode.PLUGIN_TYPE_TAKEN)
                .says("sink type \"stdout\" comes from cdc, and from plugin " + jar);
    }
}
