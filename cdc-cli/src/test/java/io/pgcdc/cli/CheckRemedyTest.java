package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.cli.BrokenSetups.Broken;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.KeptConnections;
import io.pgcdc.servers.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way to break a set-up has its finding, and the finding's remedy, carried out literally, removes it. */
class CheckRemedyTest {

    private static final int LEAST_WAYS = 40;

    private static final PgServer SERVER = PgServer.shared(18);
    private static final KeptConnections KEPT = new KeptConnections(SERVER::connect);

    @TempDir
    Path directory;

    @AfterAll
    static void close() {
        KEPT.close();
    }

    static List<Broken> ways() {
        return BrokenSetups.all();
    }

    /** Those of the server itself, which the tests share, do not count. */
    private static List<String> codes(JsonNode checked) {
        List<String> codes = new ArrayList<>();
        checked.path("findings")
                .forEach(finding -> codes.add(finding.path("code").asText()));
        codes.remove(ErrorCode.WAL_KEEP_LIMIT.toString());
        return codes;
    }

    @Test
    void aSoundSetupHasNoFinding() throws Exception {
        try (CheckedSetup setup = CheckedSetup.on(SERVER, KEPT, directory)) {
            JsonNode checked = setup.checked();
            assertEquals(List.of(), codes(checked), checked.toString());
            assertTrue(checked.path("ok").asBoolean());
        }
    }

    @Test
    void thereAreEnoughWays() {
        assertTrue(ways().size() >= LEAST_WAYS, () -> "only " + ways().size());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theRemedyRemovesTheFinding(Broken broken) throws Exception {
        try (CheckedSetup setup = CheckedSetup.on(SERVER, KEPT, directory)) {
            broken.how().at(setup);
            JsonNode before = setup.checked();
            JsonNode finding = CheckedSetup.find(before, broken.code(), broken.words());
            assertNotNull(finding, before.toString());
            setup.apply(finding);
            JsonNode after = setup.checked();
            assertNull(CheckedSetup.find(after, broken.code(), broken.words()), after.toString());
            if (broken.heals()) {
                assertEquals(List.of(), codes(after), after.toString());
            }
        }
    }

    @Test
    void theCheckChangesNothing() throws Exception {
        try (CheckedSetup setup = CheckedSetup.on(SERVER, KEPT, directory)) {
            setup.sql("CREATE TABLE other (id int PRIMARY KEY)")
                    .set("snapshot.mode: initial")
                    .set("source.publications: [absent]")
                    .set("source.create_publication: true")
                    .writesAs("{role}");
            Path config = setup.configuration();
            String before = setup.ask(STATE);
            setup.checked();
            assertEquals(before, setup.ask(STATE));
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(List.of(config), files.toList());
            }
        }
    }

    /** Objects of the database, its slots and origins. */
    private static final String STATE =
            "SELECT concat_ws(' ', (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM"
                    + " pg_replication_slots WHERE database = current_database()), (SELECT count(*) FROM pg_replication_origin))";

    @Test
    void noLineOfTheTextIsLongerThanATerminal() throws Exception {
        try (CheckedSetup setup = CheckedSetup.on(SERVER, KEPT, directory)) {
            setup.sql("ALTER TABLE users REPLICA IDENTITY NOTHING, ADD email text");
            setup.set("source.create_slot: false");
            CommandRun run = setup.check();
            assertEquals(1, run.exitCode(), run.stderr());
            assertTrue(run.stdout().contains("fatal    CDC-103 slot"), run.stdout());
            assertTrue(run.stdout().contains("           source.create_slot: true"), run.stdout());
            assertTrue(run.stdout().contains("not ready: 1 fatal, with"), run.stdout());
            List<String> broken = run.stdout()
                    .lines()
                    .filter(line -> line.length() > 80 && !line.startsWith("           "))
                    .toList();
            assertEquals(List.of(), broken);
        }
    }

    @Test
    void aWrongConfigurationIsAFindingForEachProblem() throws Exception {
        try (CheckedSetup setup = CheckedSetup.on(SERVER, KEPT, directory)) {
            setup.set("source.slott: x").set("queue.confirm: never");
            CommandRun run = setup.check("--json");
            assertEquals(2, run.exitCode());
            JsonNode checked = CheckedSetup.parse(run.stdout());
            assertEquals(List.of("CDC-001", "CDC-002"), codes(checked), checked.toString());
            assertTrue(run.stdout().startsWith("{\"ok\":false,"), run.stdout());
            assertEquals(2, setup.check().exitCode());
        }
    }
}
