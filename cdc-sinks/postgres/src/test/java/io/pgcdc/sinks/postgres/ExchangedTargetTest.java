package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.StartFrom;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.PgServer;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that was emptied, or another one in its place, is told from one that has what it had. */
class ExchangedTargetTest {

    private static final long TIME = 1_767_323_045_000_000L;

    private static final Pattern START = Pattern.compile("start: \"([^\"]+)\"");

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private Captured captured() {
        return new Captured(source, directory.resolve("queue"));
    }

    private Map<String, Sink> sinks(TargetDatabase of, String name, SinkProvider provider, String... more) {
        List<String> settings = new java.util.ArrayList<>(List.of("create=true"));
        settings.addAll(List.of(more));
        return Map.of(name, of.sinkOf(name, provider, settings.toArray(String[]::new)));
    }

    private Map<String, Sink> replica(TargetDatabase of, String name) {
        return sinks(of, name, new ProjectionSinkProvider(), "origin=off");
    }

    private String refused(Map<String, Sink> sinks) {
        CdcException e = assertThrows(CdcException.class, () -> captured().bringTo(sinks));
        assertEquals(ErrorCode.TARGET_EXCHANGED, e.code(), e.getMessage());
        return String.valueOf(e.getMessage());
    }

    /** Another database under the sink's url; and what the message says can be done about it. */
    @Test
    void aReplicaInAnotherDatabaseIsRefusedUntilAPersonSaysWhere() {
        source.sql("INSERT INTO t SELECT generate_series(1, 10)");
        captured().bringTo(replica(target, "replica"));
        source.sql("INSERT INTO t VALUES (11)");
        try (TargetDatabase other = new TargetDatabase(18)) {
            refused(replica(other, "replica"));
            assertEquals("null", other.ask("SELECT to_regnamespace('pgcdc')"), "nothing was made there");
            captured().bringTo(replica(target, "replica"));
            assertEquals("11", target.ask("SELECT count(*) FROM t"), "the right one goes on");

            source.sql("INSERT INTO t VALUES (12)");
            String message = refused(replica(other, "replica"));
            Matcher place = START.matcher(message);
            assertTrue(place.find(), message);
            captured()
                    .startingAt(new StartFrom(StartFrom.Kind.POSITION, place.group(1)))
                    .bringTo(replica(other, "other"));
            assertEquals(List.of("12"), other.list("SELECT id FROM t"));
            assertTrue(message.contains("To fill it, give the sink another name and start: snapshot."), message);
            captured().startingAt(StartFrom.SNAPSHOT).bringTo(replica(other, "filled"));
            assertEquals("12", other.ask("SELECT count(*) FROM t"));
        }
    }

    @Test
    void eachSinkThatKeepsAPositionLooksForIt() {
        source.sql(
                "INSERT INTO t VALUES (1)",
                "SELECT pg_logical_emit_message(true, 'events', '{\"event_type\":\"T\",\"aggregate_id\":\"a\",\"event_data\":{}}')");
        String[] inbox = {"source_service=s", "message_prefix=events"};
        Map<String, Sink> all = new java.util.TreeMap<>();
        all.putAll(sinks(target, "log", new ChangeLogSinkProvider()));
        all.putAll(sinks(target, "inbox", new InboxSinkProvider(), inbox));
        captured().bringTo(all);
        target.sql("TRUNCATE pgcdc.sink_positions");
        source.sql("INSERT INTO t VALUES (2)");
        refused(sinks(target, "log", new ChangeLogSinkProvider()));
        refused(sinks(target, "inbox", new InboxSinkProvider(), inbox));
    }

    /** Nothing of the source's changes concerned it, so its row has no position. */
    @Test
    void aRowWithoutAPositionIsLawful() {
        source.sql("INSERT INTO t VALUES (1)");
        String[] inbox = {"source_service=s", "message_prefix=events"};
        captured().bringTo(sinks(target, "inbox", new InboxSinkProvider(), inbox));
        assertEquals("t", target.ask("SELECT commit_lsn IS NULL FROM pgcdc.sink_positions"));
        source.sql("INSERT INTO t VALUES (2)");
        captured().bringTo(sinks(target, "inbox", new InboxSinkProvider(), inbox));
    }

    /** It was begun, and never reached its target. */
    @Test
    void aSinkThatNeverHadAnythingBeginsInAnyTarget() {
        source.sql("INSERT INTO t VALUES (1)");
        captured().bringTo(replica(target, "replica"));
        target.sql(
                "REVOKE CONNECT ON DATABASE " + target.name() + " FROM public",
                "CREATE ROLE nobody LOGIN PASSWORD '" + PgServer.password() + "'");
        try {
            Map<String, Sink> late = Map.of(
                    "replica",
                    replica(target, "replica").get("replica"),
                    "late",
                    target.sinkOf("late", new ChangeLogSinkProvider(), "create=true", "url=" + target.url("nobody")));
            CdcException e = assertThrows(
                    CdcException.class,
                    () -> captured().startingAt(StartFrom.NOW).bringTo(late));
            assertEquals(ErrorCode.TARGET_LOGIN_REFUSED, e.code());
        } finally {
            target.sql("DROP ROLE nobody");
        }
        source.sql("INSERT INTO t VALUES (2)");
        captured().bringTo(sinks(target, "late", new ChangeLogSinkProvider()));
        assertEquals(List.of("2"), target.list("SELECT record_id FROM cdc_pattern.change_logs"));
    }

    @Test
    void aRowThatIsGoneWhileTheSinkRunsIsNotAnotherProcess() {
        Sink sink = target.open(new ChangeLogSinkProvider(), "create=true");
        sink.write(new TestChanges(TIME).insert("1", "a").batch());
        sink.flush();
        target.sql("DELETE FROM pgcdc.sink_positions");
        sink.write(new TestChanges(TIME + 1).insert("2", "b").batch());
        assertEquals(
                ErrorCode.TARGET_EXCHANGED,
                assertThrows(CdcException.class, sink::flush).code());
        assertEquals("1", target.ask("SELECT count(*) FROM cdc_pattern.change_logs"));
        // on the next connection, too; and nothing is made anew
        target.sql("DROP SCHEMA pgcdc CASCADE");
        CdcException e = assertThrows(
                CdcException.class,
                () -> sink.write(new TestChanges(TIME + 1).insert("2", "b").batch()));
        assertEquals(ErrorCode.TARGET_EXCHANGED, e.code());
        assertFalse(String.valueOf(e.getMessage()).contains("another process"), e.getMessage());
        assertTrue(e.getMessage().contains(new Position(0, TIME * 0x100, 0).toString()), e.getMessage());
        sink.close();
        assertEquals("null", target.ask("SELECT to_regnamespace('pgcdc')"));
    }
}
