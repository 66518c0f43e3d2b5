package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandsTest {

    private static final String GOOD = """
            source: {url: "postgresql://cdc:hidden-word@h/d", slot: s, publications: [p]}
            queue: {dir: q}
            sinks: [{name: out, type: stdout}]
            """;

    private static final String CONNECTOR = """
            {"connector.class": "io.debezium.connector.postgresql.PostgresConnector", "database.hostname": "pg",
             "database.user": "u", "database.password": "hidden-word", "database.dbname": "d", "topic.prefix": "p"%s}
            """;

    @TempDir
    Path directory;

    private Path write(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private static CommandRun config(String... arguments) {
        return CommandRun.of(
                Stream.concat(Stream.of("config"), List.of(arguments).stream()).toList());
    }

    @Test
    void validateSaysOkAndPrintsNoValue() throws Exception {
        CommandRun run = config("validate", "-c", write("cdc.yaml", GOOD).toString());
        assertEquals(new CommandRun(0, "ok\n", ""), run);
    }

    @Test
    void validateNamesEachProblem() throws Exception {
        CommandRun run = config(
                "validate",
                "-c",
                write("cdc.yaml", GOOD.replace("slot: s", "slot: S, slo: t")).toString());
        assertEquals(2, run.exitCode());
        assertEquals("", run.stdout());
        assertTrue(run.stderr().contains("CDC-002") && run.stderr().contains("CDC-001"), run.stderr());
        assertFalse(run.stderr().contains("hidden-word"), run.stderr());
    }

    @Test
    void theCommandItselfStaysAsItIs() throws Exception {
        CommandRun run = config("-c", write("cdc.yaml", GOOD).toString());
        assertEquals(0, run.exitCode(), run.stderr());
        assertTrue(run.stdout().startsWith("source:\n") || run.stdout().contains("\nsource:\n"), run.stdout());
    }

    @Test
    void theReferenceHasAllSettingsIn80Columns() {
        CommandRun run = config("reference");
        assertEquals(0, run.exitCode(), run.stderr());
        assertTrue(run.stdout().contains("\n  queue.dir\n    path; required\n"), run.stdout());
        assertTrue(run.stdout().contains("\n  projection.mappings.where\n"), run.stdout());
        assertEquals(
                List.of(),
                run.stdout()
                        .lines()
                        .filter(line -> line.length() > 80 && line.strip().contains(" "))
                        .toList());
    }

    @Test
    void theReferenceOfOneName() {
        String gather = config("reference", "queue.gather_ms").stdout();
        assertTrue(
                gather.startsWith("  queue.gather_ms\n    integer, 0 to 1000; default 20\n    Longest time"), gather);
        assertEquals(gather, config("reference", "gather_ms").stdout());
        assertTrue(config("reference", "http").stdout().startsWith("http: console, change feed"));
        CommandRun unknown = config("reference", "queue.gather");
        assertEquals(2, unknown.exitCode());
        assertEquals(
                "CDC-001 there is no setting \"queue.gather\"; command line. Did you mean queue.gather_ms?\n",
                unknown.stderr());
    }

    @Test
    void theSchemaIsPrinted() {
        CommandRun run = config("schema");
        assertEquals(0, run.exitCode(), run.stderr());
        assertTrue(run.stdout().contains("\"$schema\" : \"http://json-schema.org/draft-07/schema#\""), run.stdout());
    }

    @Test
    void fromDebeziumPrintsAFileAndSaysHowManyOptionsItLacks() throws Exception {
        CommandRun whole =
                config("from-debezium", write("c.json", CONNECTOR.formatted("")).toString());
        assertEquals(0, whole.exitCode(), whole.stderr());
        assertEquals("", whole.stderr());
        assertTrue(whole.stdout().contains("  url: \"postgresql://u@pg:5432/d\"  # database.*\n"), whole.stdout());
        CommandRun lacking = config(
                "from-debezium",
                write("c.json", CONNECTOR.formatted(", \"heartbeat.action.query\": \"SELECT 1\""))
                        .toString());
        assertEquals(0, lacking.exitCode(), lacking.stderr());
        assertEquals("cdc: 1 option is not taken over. The end of the output names it.\n", lacking.stderr());
        assertFalse(lacking.stdout().contains("hidden-word"));
        CommandRun none = config("from-debezium", directory.resolve("none.json").toString());
        assertEquals(2, none.exitCode());
        assertTrue(none.stderr().contains("CDC-004 the file does not exist"), none.stderr());
    }
}
