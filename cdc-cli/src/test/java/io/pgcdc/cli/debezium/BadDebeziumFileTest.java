package io.pgcdc.cli.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that cannot be converted: the problem, its place, and what to do. */
class BadDebeziumFileTest {

    private static final String GOOD = """
            {"connector.class": "io.debezium.connector.postgresql.PostgresConnector",
             "database.hostname": "pg", "database.user": "u", "database.dbname": "d", "topic.prefix": "p"%s}
            """;

    @TempDir
    Path directory;

    private List<String> problems(String name, String content) throws Exception {
        Files.writeString(directory.resolve(name), content);
        return problems(name);
    }

    private List<String> problems(String name) {
        ConfigException e =
                assertThrows(ConfigException.class, () -> DebeziumConversion.convert(Path.of(name), directory, false));
        return String.valueOf(e.getMessage()).lines().skip(1).map(String::strip).toList();
    }

    private void assertProblem(String expected, List<String> problems) {
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith(expected), problems.get(0));
    }

    @Test
    void filesThatAreNone() throws Exception {
        assertProblem("none.json: CDC-004 the file does not exist; give the connector's JSON", problems("none.json"));
        assertProblem("x.json:1:15: CDC-005 not valid JSON: ", problems("x.json", "{\"a\": \"b\", \"c}"));
        assertProblem("x.json:1:1: CDC-005 the file is a list", problems("x.json", "[1, 2]"));
        assertProblem("x.properties: CDC-004 the file has no options", problems("x.properties", "\n# nothing\n"));
        assertProblem("x.properties: CDC-005 not valid properties", problems("x.properties", "a=\\u12"));
    }

    @Test
    void otherConnectorsAreRefused() throws Exception {
        assertProblem(
                "x.json:2:3: CDC-002 connector.class is \"io.debezium.connector.mysql.MySqlConnect…\"; give the file of a connector",
                problems("x.json", """
                        {"name": "m", "config": {
                          "connector.class": "io.debezium.connector.mysql.MySqlConnector", "database.hostname": "m"}}
                        """));
        assertProblem("x.json: CDC-003 connector.class is missing", problems("x.json", "{\"topic.prefix\": \"p\"}"));
        assertProblem("x.properties:2:1: CDC-501 debezium.sink.type is \"redis\"", problems("x.properties", """
                        debezium.source.connector.class=io.debezium.connector.postgresql.PostgresConnector
                        debezium.sink.type=redis
                        """));
    }

    @ParameterizedTest
    @CsvSource({
        "table.include.lst, table.include.list",
        "publication.nam, publication.name",
        "database.hostnam, database.hostname",
        "key.convertr, key.converter"
    })
    void mistypedNamesAreProblems(String typed, String meant) throws Exception {
        List<String> problems = problems(
                "x.json",
                GOOD.formatted(",\n \"" + typed + "\": \"x\"")
                        .replace(
                                "\"database.hostname\": \"pg\", ",
                                typed.startsWith("database") ? "" : "\"database.hostname\": \"pg\", "));
        assertTrue(
                problems.stream()
                        .anyMatch(p -> p.startsWith(
                                "x.json:3:2: CDC-001 " + typed + " is unknown; did you mean \"" + meant + "\"?")),
                problems.toString());
    }

    @Test
    void wrongValuesAreToldAtTheirOptions() throws Exception {
        assertEquals(
                List.of(
                        "x.json:3:2: CDC-002 decimal.handling.mode is \"exact\"; write one of precise, double, string",
                        "x.json:3:36: CDC-008 database.sslmode: sslmode is \"maybe\"; write one of allow, disable, prefer, require,"
                                + " verify-ca, verify-full"),
                problems(
                        "x.json",
                        GOOD.formatted(",\n \"decimal.handling.mode\": \"exact\", \"database.sslmode\": \"maybe\"")));
        assertProblem(
                "x.json:3:126: CDC-002 transforms.r.regex is \"(\", which is no regular expression",
                problems(
                        "x.json",
                        GOOD.formatted(",\n \"transforms\": \"r\", \"transforms.r.type\":"
                                + " \"org.apache.kafka.connect.transforms.RegexRouter\", \"transforms.r.replacement\": \"x\","
                                + " \"transforms.r.regex\": \"(\"")));
    }

    @Test
    void whatDebeziumRequiresIsRequired() throws Exception {
        assertEquals(
                List.of(
                        "x.json: CDC-003 database.hostname is missing; write it",
                        "x.json: CDC-003 database.dbname is missing; write it"),
                problems("x.json", """
                        {"connector.class": "io.debezium.connector.postgresql.PostgresConnector", "database.user": "u",
                         "topic.prefix": "p"}
                        """));
    }
}
