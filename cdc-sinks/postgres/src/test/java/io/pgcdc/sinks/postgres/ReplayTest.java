package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.delivery.ReplayPlan;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Position;
import io.pgcdc.model.TablePattern;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.CollectingSink;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue delivers changes again, and a target that keeps its position takes them. */
class ReplayTest {

    private static final String POSITION = "SELECT commit_lsn || ':' || ordinal FROM pgcdc.sink_positions";

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text, big text)", "CREATE TABLE keyless (v text)");
        source.sql("ALTER TABLE t ALTER big SET STORAGE EXTERNAL", "CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private Map<String, Sink> replica() {
        return Map.of("out", target.sink(new ProjectionSinkProvider(), "create=true"));
    }

    private Map<String, Sink> log() {
        return Map.of("out", target.sink(new ChangeLogSinkProvider(), "create=true"));
    }

    private void bring(Map<String, Sink> sinks) {
        new Captured(source, directory.resolve("queue")).retaining(1 << 20).bringTo(sinks);
    }

    /** Runs with a replay, to its end. */
    private ReplayPlan replay(Map<String, Sink> sinks, ReplayRequest request) throws Exception {
        Pipeline pipeline = new Captured(source, directory.resolve("queue"))
                .retaining(1 << 20)
                .pipeline(sinks);
        CompletableFuture<ReplayPlan> plan = pipeline.control().replay("out", request);
        CompletableFuture<Void> run = CompletableFuture.runAsync(pipeline::run);
        try {
            return plan.get();
        } finally {
            pipeline.control().stopWhenCaughtUp();
            run.get();
        }
    }

    private void assertRefused(String why, Map<String, Sink> sinks, ReplayRequest request) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> replay(sinks, request));
        CdcException refused = assertInstanceOf(CdcException.class, e.getCause());
        assertEquals(ErrorCode.REPLAY_REFUSED, refused.code());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    /** Returns the position of the first change, or of the first change of a row. */
    private ReplayPlace first(String where) {
        return ReplayPlace.parse(target.list("SELECT commit_lsn || ':' || ordinal FROM cdc_pattern.change_logs WHERE "
                        + where + " ORDER BY change_id LIMIT 1")
                .get(0));
    }

    private static ReplayRequest from(ReplayPlace place, String... tables) {
        return new ReplayRequest(
                place, null, List.of(tables).stream().map(TablePattern::parse).toList(), false);
    }

    private List<String> rows(TargetDatabase of) {
        return of.list("SELECT id || ' ' || v || ' ' || coalesce(md5(big), '') FROM t ORDER BY id");
    }

    private void work() {
        source.sql(
                "INSERT INTO t VALUES (1, 'a', repeat('x', 5000)), (2, 'b', repeat('y', 5000)), (3, 'c', 'z')",
                "UPDATE t SET v = 'a2' WHERE id = 1",
                "UPDATE t SET id = 20 WHERE id = 2",
                "DELETE FROM t WHERE id = 3",
                "INSERT INTO t VALUES (3, 'again', NULL)",
                "INSERT INTO t VALUES (4, 'd', repeat('w', 5000))",
                "UPDATE t SET id = 40 WHERE id = 4",
                "DELETE FROM t WHERE id = 40",
                "INSERT INTO keyless VALUES ('k')");
    }

    @Test
    void aProjectionHasThePresentRowsAfterAReplayFromAnyChange() throws Exception {
        work();
        CollectingSink all = new CollectingSink();
        bring(Map.of("out", target.sink(new ProjectionSinkProvider(), "create=true"), "all", all));
        List<String> positions =
                all.positions().stream().map(Position::toString).toList();
        assertEquals(rows(source), rows(target));
        List<String> stands = target.list(POSITION + "");
        for (int i = 0; i < positions.size(); i += 3) {
            String position = positions.get(i);
            target.sql("UPDATE t SET v = 'damaged'");
            source.sql("UPDATE t SET v = v WHERE id = 20"); // the end moves as well
            ReplayPlan plan = replay(replica(), from(ReplayPlace.parse(position)));
            assertTrue(plan.complete());
            assertTrue(plan.meaning().startsWith("Rows go back to earlier values"), plan.meaning());
            List<String> damaged = target.list("SELECT id FROM t WHERE v = 'damaged' ORDER BY id");
            if (position.equals(positions.get(0))) {
                assertEquals(List.of(), damaged);
            }
            target.sql(
                    "UPDATE t SET v = s.v FROM (VALUES (1, 'a2'), (3, 'again'), (20, 'b')) s (id, v) WHERE t.id = s.id");
            assertEquals(rows(source), rows(target), "from " + position);
        }
        assertEquals(List.of("k"), target.list("SELECT v FROM keyless"));
        assertTrue(!stands.equals(target.list(POSITION + "")), "it goes on after a replay");
    }

    @Test
    void aReplayLeavesThePositionAndOtherTables() throws Exception {
        source.sql("CREATE TABLE other (id int PRIMARY KEY, v text)");
        work();
        source.sql("INSERT INTO other VALUES (1, 'o')");
        bring(replica());
        List<String> stands = target.list(POSITION);
        target.sql("DELETE FROM t", "DELETE FROM other");
        replay(replica(), from(oldest(false), "public.t"));
        assertEquals(rows(source), rows(target));
        assertEquals(List.of(), target.list("SELECT v FROM other"));
        assertEquals(stands, target.list(POSITION));
        replay(replica(), from(oldest(true)));
        assertEquals(List.of("o"), target.list("SELECT v FROM other"));
    }

    /** Returns the position, or the time, that the refusal of an earlier time names. */
    private ReplayPlace oldest(boolean asTime) {
        ExecutionException e = assertThrows(
                ExecutionException.class,
                () -> replay(replica(), from(ReplayPlace.parse("-999999999-01-01T00:00:00Z"))));
        CdcException refused = assertInstanceOf(CdcException.class, e.getCause());
        assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, refused.code());
        assertTrue(refused.getMessage().contains("raise queue.retain_bytes"), refused.getMessage());
        Matcher named = Pattern.compile("only changes from (\\S+) on, committed at ([^;]+);")
                .matcher(refused.getMessage());
        assertTrue(named.find(), refused.getMessage());
        return ReplayPlace.parse(named.group(asTime ? 2 : 1));
    }

    @Test
    void aProjectionIsEmptiedFirstIfAsked() throws Exception {
        work();
        bring(replica());
        target.sql("INSERT INTO t VALUES (99, 'nobody knows', NULL)");
        ReplayPlan plan = replay(replica(), new ReplayRequest(oldest(false), null, List.of(), true));
        assertEquals(List.of("public.t", "public.keyless"), plan.emptied());
        assertEquals(rows(source), rows(target));
        assertEquals(List.of("k"), target.list("SELECT v FROM keyless"), "without a key it stays as it is");
    }

    @Test
    void aProjectionRefusesWhatWouldLeaveItInAnEarlierState() throws Exception {
        work();
        bring(replica());
        ReplayPlace oldest = oldest(false);
        assertRefused(
                "go on to the sink's last change", replica(), new ReplayRequest(oldest, oldest, List.of(), false));
        assertRefused("Name an earlier time", replica(), from(ReplayPlace.parse("+999999999-12-31T00:00:00Z")));
        assertRefused("no change of table public.nothing", replica(), from(oldest, "public.nothing"));
        source.sql("ALTER TABLE t ADD n int", "INSERT INTO t VALUES (5, 'e', NULL, 7)");
        bring(replica());
        assertRefused("was altered in between", replica(), from(oldest));
        replay(replica(), from(oldest, "public.keyless"));
        assertEquals(List.of("7"), target.list("SELECT n FROM t WHERE id = 5"));
    }

    /** A consumer may have emptied the events that it has processed: a replay does not take them for others. */
    @Test
    void anInboxGetsOnlyTheEventsThatAreGone() throws Exception {
        source.sql(
                "CREATE SCHEMA event_driven",
                "CREATE TABLE event_driven.event_outbox (event_id bigserial PRIMARY KEY, event_type text NOT NULL,"
                        + " aggregate_id text NOT NULL, event_data jsonb NOT NULL)",
                "INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data)"
                        + " VALUES ('Placed', 'kept', '{\"a\": 1}'), ('Placed', 'gone', '{\"a\": 2}')");
        CollectingSink all = new CollectingSink();
        Sink inbox = target.sink(new InboxSinkProvider(), "create=true", "source_service=orders");
        bring(Map.of("out", inbox, "all", all));
        target.sql(
                "UPDATE event_driven.event_inbox SET event_data = '{}' WHERE aggregate_id = 'kept'",
                "DELETE FROM event_driven.event_inbox WHERE aggregate_id = 'gone'");
        ReplayPlace first = ReplayPlace.parse(all.positions().get(0).toString());
        replay(
                Map.of("out", target.sink(new InboxSinkProvider(), "create=true", "source_service=orders")),
                from(first));
        assertEquals(
                List.of("gone {\"a\": 2}", "kept {}"),
                target.list("SELECT aggregate_id || ' ' || event_data FROM event_driven.event_inbox ORDER BY 1"));
    }

    @Test
    void aChangeLogGetsOnlyTheRowsThatAreGone() throws Exception {
        work();
        bring(log());
        List<String> all = target.list(
                "SELECT commit_lsn || ':' || ordinal || change_type FROM cdc_pattern.change_logs ORDER BY 1");
        ReplayPlace first = first("true");
        target.sql(
                "UPDATE cdc_pattern.change_logs SET processed = true",
                "DELETE FROM cdc_pattern.change_logs WHERE record_id = '3'");
        // of the three changes of row 3, two lie in the range
        ReplayPlace deleted = ReplayPlace.parse(all.stream()
                .filter(change -> change.endsWith("DELETE"))
                .findFirst()
                .orElseThrow()
                .replace("DELETE", ""));
        ReplayPlan plan = replay(log(), new ReplayRequest(first, deleted, List.of(), false));
        assertEquals(false, plan.complete());
        assertEquals(
                List.of("INSERT false", "DELETE false"),
                target.list(
                        "SELECT change_type || ' ' || processed FROM cdc_pattern.change_logs WHERE record_id = '3' ORDER BY change_id"));
        replay(log(), from(first));
        assertEquals(
                all,
                target.list(
                        "SELECT commit_lsn || ':' || ordinal || change_type FROM cdc_pattern.change_logs ORDER BY 1"));
        target.sql("ALTER TABLE cdc_pattern.change_logs DROP CONSTRAINT "
                + target.list("SELECT conname FROM pg_constraint"
                                + " WHERE conrelid = 'cdc_pattern.change_logs'::regclass AND contype = 'u'")
                        .get(0));
        assertRefused("no unique constraint", log(), from(first));
    }
}
