package io.pgcdc.connect.config;

import static io.pgcdc.connect.config.Answers.errors;
import static io.pgcdc.connect.config.Answers.properties;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a validation asks the server. */
class ServerCheckTest {

    private static final PgServer SERVER = PgServer.shared(18);
    private static String database = "";

    @BeforeAll
    static void createSource() throws SQLException {
        database = SERVER.createDatabase("connect_check");
        try (Connection connection = SERVER.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE keyless (id int)");
            statement.execute("CREATE PUBLICATION shop_pub FOR TABLE users");
            statement.execute("SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput'),"
                    + " pg_create_logical_replication_slot('" + database + "_test', 'test_decoding')");
        }
    }

    @AfterAll
    static void dropSource() throws SQLException {
        SERVER.dropDatabase(database);
    }

    private static Map<String, String> source(String... more) {
        Map<String, String> source = new HashMap<>(properties(
                "name", "shop",
                "prefix", "shop",
                "source.url", SERVER.url(database),
                "source.slot", database,
                "source.publications", "shop_pub"));
        source.putAll(properties(more));
        return source;
    }

    @Test
    void aSourceThatCanBeReadHasNoProblem() throws SQLException {
        String before = SERVER.ask("SELECT count(*) FROM pg_replication_slots");
        assertEquals(Map.of(), errors(source()));
        assertEquals(Map.of(), errors(source("source.slot", "other", "source.create_slot", "true")));
        assertEquals(before, SERVER.ask("SELECT count(*) FROM pg_replication_slots"));
    }

    @Test
    void reasonsAgainstAStartStandAtTheirProperties() {
        String where = "localhost:" + SERVER.port() + "/" + database + " as postgres";
        assertEquals(
                Map.of(
                        "source.slot",
                        List.of(
                                "CDC-103 slot \"nosuch\" does not exist; " + where
                                        + ". Check source.slot, or start with"
                                        + " source.create_slot=true. If it was dropped, the changes since then are not sent again."),
                        "source.publications",
                        List.of("CDC-107 publication \"nosuch\" does not exist; " + where
                                + ". Check source.publications; or"
                                + " run CREATE PUBLICATION there, or start with source.create_publication=true.")),
                errors(source("source.slot", "nosuch", "source.publications", "nosuch")));
        assertEquals(
                List.of("CDC-108 slot \"" + database + "_test\" uses output plugin test_decoding, not pgoutput; "
                        + where + ". Choose another source.slot."),
                errors(source("source.slot", database + "_test")).get("source.slot"));
        List<String> harm = errors(source(
                        "source.slot", "other",
                        "source.create_slot", "true",
                        "source.publications", "new_pub",
                        "source.create_publication", "true",
                        "source.publication_tables", "public.keyless"))
                .get("source.publications");
        assertEquals(1, harm.size());
        assertTrue(harm.get(0).startsWith("CDC-140 "), harm.get(0));
    }

    @Test
    void namesThatTheServerDoesNotKnowStandAtTheirProperties() {
        String where = "localhost:" + SERVER.port() + "/" + database + " as postgres";
        assertEquals(
                Map.of(
                        "tables",
                        List.of("CDC-123 the connector names table public.userz, but this table does not exist; "
                                + where + ". Correct the name, or create the table first.")),
                errors(source("tables", "public.userz")));
        assertEquals(
                List.of("exclude_columns"),
                List.copyOf(
                        errors(source("exclude_columns", "public.users.nope")).keySet()));
        assertEquals(
                List.of("table.include.list"),
                List.copyOf(errors(source("table.include.list", "public.userz")).keySet()));
        assertEquals(Map.of(), errors(source("tables", "public.users")));
    }

    @Test
    void aServerThatDoesNotAnswerIsToldAtTheUrl() {
        Map<String, List<String>> errors = errors(source("source.url", "postgresql://cdc@localhost:1/shop"));
        assertEquals(List.of("source.url"), List.copyOf(errors.keySet()));
        assertTrue(errors.get("source.url").get(0).startsWith("CDC-101 "), errors::toString);
        assertEquals(
                List.of("database.hostname"),
                List.copyOf(errors(Answers.debezium()).keySet()));
    }

    @Test
    void reasonsStandAtDebeziumsNames() {
        Map<String, String> theirs = properties(
                "name", "shop",
                "database.hostname", "localhost",
                "database.port", Integer.toString(SERVER.port()),
                "database.user", PgServer.SUPERUSER,
                "database.dbname", database,
                "publication.autocreate.mode", "disabled",
                "topic.prefix", "shop");
        assertEquals(List.of("publication.name"), List.copyOf(errors(theirs).keySet()));
        theirs.put("publication.name", "shop_pub");
        theirs.put("slot.name", database + "_test");
        assertEquals(List.of("slot.name"), List.copyOf(errors(theirs).keySet()));
        theirs.put("slot.name", database);
        assertEquals(Map.of(), errors(theirs));
    }

    @Test
    void aHostThatAnswersIsEnough() {
        String url = SERVER.url(database).replace("localhost", "localhost:1,localhost");
        assertEquals(Map.of(), errors(source("source.url", url)));
    }

    @Test
    void theServerTellsThatTwoSourcesReadOneSlot() {
        Map<String, List<String>> errors = errors(source(
                "tasks.max", "2",
                "sources", "a,b",
                "sources.b.url", SERVER.url(database).replace("localhost", "127.0.0.1")));
        assertEquals(
                List.of("CDC-006 sources a and b read the same slot " + database
                        + " of one server; create another slot for one" + " of them"),
                errors.getOrDefault("source.slot", List.of()));
    }
}
