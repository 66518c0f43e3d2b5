package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.PgServer;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** The table of a change_logs sink: made by the sink or by hand, its partitions, its consumers. */
class ChangeLogTest {

    /** 2026-01-02 03:04:05 UTC. */
    private static final long TIME = 1_767_323_045_000_000L;

    private static final long DAY = 86_400_000_000L;

    @TempDir
    Path directory;

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() {
        target = new TargetDatabase(18);
    }

    @AfterEach
    void dropDatabase() {
        target.close();
    }

    private Sink open(String... settings) {
        return target.open(new ChangeLogSinkProvider(), settings);
    }

    private void write(TestChanges changes, String... settings) {
        try (Sink sink = open(settings)) {
            sink.write(changes.batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
    }

    private static ErrorCode codeOf(CdcException e) {
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
        return e.code();
    }

    /** One transaction of the target holds rows of two days. */
    @Test
    void aPartitionIsMadeWhileDeferredChecksOfAnotherWait() {
        target.sql(
                HandMadeTable.CHANGE_LOGS,
                "CREATE FUNCTION checked() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON cdc_pattern.change_logs DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION checked()");
        write(new TestChanges(TIME).insert("1", "a").at(TIME + DAY).insert("2", "b"), "create=true", "partition=day");
        assertEquals("2", target.ask("SELECT count(DISTINCT tableoid) FROM cdc_pattern.change_logs"));
    }

    @Test
    void aTableMadeByHandTakesWhatFitsAndRefusesTheRestByName() {
        target.sql(
                HandMadeTable.CHANGE_LOGS,
                "CREATE TABLE cdc_pattern.all_rows PARTITION OF cdc_pattern.change_logs DEFAULT");
        target.sql("CREATE SCHEMA pgcdc");
        String[] settings = {"create=true", "partition=day"};
        write(new TestChanges(TIME).insert("1", "a"), settings);
        CdcException truncate =
                assertThrows(CdcException.class, () -> write(new TestChanges(TIME + 1).truncate(), settings));
        assertEquals(ErrorCode.CHANGE_REFUSED, codeOf(truncate));
        assertTrue(truncate.getMessage().contains("does not allow change_type TRUNCATE"), truncate.getMessage());
        CdcException tooLong = assertThrows(
                CdcException.class, () -> write(new TestChanges(TIME + 2).insert("secret".repeat(40), "v"), settings));
        assertEquals(ErrorCode.CHANGE_REFUSED, codeOf(tooLong));
        assertTrue(
                tooLong.getMessage().contains("record_id has 240 characters, but the column takes at most 200"),
                tooLong.getMessage());
        CdcException keyless = assertThrows(
                CdcException.class,
                () -> write(new TestChanges(TIME + 3).withoutKey().insert("1", "v"), settings));
        assertTrue(keyless.getMessage().contains("it has no record_id"), keyless.getMessage());
        assertEquals(List.of("1"), target.list("SELECT record_id FROM cdc_pattern.change_logs"));
    }

    @Test
    void rowsOfASnapshotAreLoggedAsRead() {
        write(new TestChanges(TIME).read("1", "a"), "create=true");
        write(new TestChanges(TIME).insert("2", "b"), "create=true"); // it commits at the snapshot's LSN
        assertEquals(
                List.of("READ|1|t|t|f", "INSERT|2|t|f|t"),
                target.list(
                        "SELECT concat_ws('|', change_type, record_id, new_data IS NOT NULL AND old_data IS NULL, ordinal < -1,"
                                + " ordinal = 0) FROM cdc_pattern.change_logs ORDER BY change_id"));
    }

    @Test
    void rowsOfASnapshotAreRefusedOrLoggedAsInserted() {
        target.sql(
                HandMadeTable.CHANGE_LOGS,
                "CREATE TABLE cdc_pattern.all_rows PARTITION OF cdc_pattern.change_logs DEFAULT",
                "CREATE SCHEMA pgcdc");
        CdcException refused = assertThrows(
                CdcException.class, () -> write(new TestChanges(TIME).read("1", "a"), "create=true", "partition=day"));
        assertEquals(ErrorCode.CHANGE_REFUSED, codeOf(refused));
        assertTrue(refused.getMessage().contains("does not allow change_type READ"), refused.getMessage());
        write(new TestChanges(TIME).read("1", "a"), "create=true", "partition=day", "when_unfit=map");
        assertEquals(
                List.of("INSERT|1"),
                target.list("SELECT concat_ws('|', change_type, record_id) FROM cdc_pattern.change_logs"));
    }

    @Test
    void whatDoesNotFitIsMappedWhereThatIsWanted() {
        target.sql(HandMadeTable.CHANGE_LOGS);
        write(
                new TestChanges(TIME)
                        .insert("k".repeat(201), "a")
                        .truncate()
                        .message("note", "of no table")
                        .withoutKey()
                        .insert("1", "v"),
                "create=true",
                "when_unfit=map");
        List<String> rows = target.list(
                "SELECT concat_ws('|', change_type, record_id, new_data ->> 'v') FROM cdc_pattern.change_logs ORDER BY change_id");
        assertEquals(3, rows.size());
        assertTrue(rows.get(0).matches("INSERT\\|sha256:[0-9a-f]{64}\\|a"), rows.get(0));
        assertEquals("DELETE|", rows.get(1));
        assertEquals("INSERT||v", rows.get(2));
    }

    @Test
    void aTableOfAnotherFormIsRefusedByName() {
        target.sql("CREATE SCHEMA cdc_pattern", "CREATE SCHEMA pgcdc");
        assertMisfit("is not partitioned", "CREATE TABLE cdc_pattern.change_logs (LIKE %s)", "create=true");
        assertMisfit(
                "has no column record_id", "CREATE TABLE cdc_pattern.change_logs (table_name text)", "create=true");
        assertMisfit(
                "has column new_data of type text",
                "CREATE TABLE cdc_pattern.change_logs (LIKE %s); ALTER TABLE cdc_pattern.change_logs ALTER new_data TYPE text",
                "create=true");
        assertMisfit(
                "has tenant NOT NULL without a default",
                "CREATE TABLE cdc_pattern.change_logs (LIKE %s, tenant text NOT NULL)",
                "create=true");
        target.sql("CREATE VIEW cdc_pattern.a_view AS SELECT 1");
        CdcException view = assertThrows(CdcException.class, () -> open("create=true", "table=a_view"));
        assertEquals(ErrorCode.TARGET_MISFIT, view.code());
    }

    private void assertMisfit(String what, String ddl, String... settings) {
        target.sql(
                "DROP TABLE IF EXISTS form, cdc_pattern.change_logs CASCADE",
                "CREATE TABLE form (change_id bigserial, table_name text, record_id text, change_type text, old_data jsonb,"
                        + " new_data jsonb, changed_fields text[], changed_at timestamptz, processed boolean, processed_at timestamptz)",
                ddl.formatted("form INCLUDING DEFAULTS"));
        CdcException e = assertThrows(CdcException.class, () -> open(settings));
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        assertTrue(e.getMessage().contains(what), e.getMessage());
    }

    @Test
    void withoutCreateNothingIsMade() {
        CdcException e = assertThrows(CdcException.class, this::open);
        assertEquals(ErrorCode.TARGET_MISSING, e.code());
        assertEquals("0", target.ask("SELECT count(*) FROM pg_namespace WHERE nspname IN ('pgcdc', 'cdc_pattern')"));
    }

    @Test
    void aMissingPrivilegeAndAWrongLoginAreNamed() {
        String role = target.name() + "_role";
        String login = role + ":" + PgServer.password();
        target.sql("CREATE ROLE " + role + " LOGIN PASSWORD '" + PgServer.password() + "'");
        try {
            open("create=true").close();
            CdcException e = assertThrows(CdcException.class, () -> open("url=" + target.url(login)));
            assertEquals(ErrorCode.TARGET_PRIVILEGE_MISSING, e.code());
            target.sql(
                    "GRANT USAGE ON SCHEMA pgcdc, cdc_pattern TO " + role,
                    "GRANT SELECT, INSERT, UPDATE ON pgcdc.sink_positions TO " + role);
            Sink sink = open("url=" + target.url(login));
            CdcException denied = assertThrows(
                    CdcException.class,
                    () -> sink.write(new TestChanges(TIME).insert("1", "a").batch()));
            assertEquals(ErrorCode.TARGET_PRIVILEGE_MISSING, denied.code());
            sink.close();
            target.sql(
                    "GRANT INSERT ON cdc_pattern.change_logs TO " + role,
                    "GRANT USAGE ON SEQUENCE cdc_pattern.change_logs_change_id_seq TO " + role);
            write(new TestChanges(TIME).insert("1", "a"), "url=" + target.url(login));
            CdcException refused = assertThrows(CdcException.class, () -> open("url=" + target.url("nobody_at_all")));
            assertEquals(ErrorCode.TARGET_LOGIN_REFUSED, refused.code());
        } finally {
            target.sql("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    @Test
    void aTriggerThatRaisesRefusesOneChangeAndTheOthersAreThere() throws Exception {
        open("create=true").close();
        target.sql("""
                CREATE FUNCTION no_bob() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF NEW.new_data ->> 'v' = 'bob' THEN RAISE EXCEPTION 'secret %', NEW.new_data; END IF; RETURN NEW; END $$""");
        target.sql(
                "CREATE TRIGGER no_bob BEFORE INSERT ON cdc_pattern.change_logs FOR EACH ROW EXECUTE FUNCTION no_bob()");
        CdcException e = assertThrows(
                CdcException.class,
                () -> write(new TestChanges(TIME)
                        .insert("1", "a")
                        .insert("2", "bob")
                        .insert("3", "c")));
        assertEquals(ErrorCode.CHANGE_REFUSED, codeOf(e));
        assertTrue(e.getMessage().contains("raised an exception in function no_bob, SQLSTATE P0001"), e.getMessage());
        assertEquals("0", target.ask("SELECT count(*) FROM cdc_pattern.change_logs"));

        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)", "CREATE PUBLICATION captured FOR ALL TABLES");
            ReplicaTest.slot(source);
            source.sql(
                    "INSERT INTO t SELECT g, CASE WHEN g % 100 = 0 THEN 'bob' ELSE 'x' END FROM generate_series(1, 1000) g");
            new Captured(source, directory.resolve("queue"), true)
                    .bringTo(Map.of("log", target.sink(new ChangeLogSinkProvider())));
            assertEquals("990", target.ask("SELECT count(*) FROM cdc_pattern.change_logs"));
            assertEquals("990", target.ask("SELECT count(DISTINCT ordinal) FROM cdc_pattern.change_logs"));
            assertEquals(
                    10,
                    Files.readAllLines(directory.resolve("queue/dead-letters/log.jsonl"))
                            .size());
        }
    }

    @Test
    void partitionsAreThereBeforeTheyAreNeeded() {
        open("create=true", "partition=day", "partitions_ahead=2").close();
        assertEquals(
                target.list(
                        "SELECT 'change_logs_' || to_char(now() AT TIME ZONE 'UTC' + n * interval '1 day', 'YYYYMMDD')"
                                + " FROM generate_series(0, 2) n"),
                partitions());
        // rows of long ago, of months that have some days already, and of another period get one each
        write(
                new TestChanges(TIME - 400 * DAY).insert("1", "a").at(TIME).insert("2", "b"),
                "partition=month",
                "partitions_ahead=1");
        write(new TestChanges(TIME + DAY).insert("3", "c"), "partition=hour", "partitions_ahead=0");
        assertTrue(
                partitions().containsAll(List.of("change_logs_202411", "change_logs_202601")),
                partitions().toString());
        assertEquals("0", target.ask("SELECT count(*) FROM cdc_pattern.change_logs_default"));
        assertEquals("3", target.ask("SELECT count(*) FROM cdc_pattern.change_logs"));
    }

    private List<String> partitions() {
        return target.list(
                "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
                        + " WHERE inhparent = 'cdc_pattern.change_logs'::regclass AND c.relname <> 'change_logs_default' ORDER BY 1");
    }

    @Test
    void whatLiesInTheDefaultPartitionMovesWhenItsOwnIsMade() {
        open("create=true").close();
        target.sql("INSERT INTO cdc_pattern.change_logs (table_name, change_type, changed_at)"
                + " VALUES ('stray', 'INSERT', '2026-01-02 01:00+00'), ('far', 'INSERT', '2020-01-01 00:00+00')");
        write(new TestChanges(TIME).insert("1", "a"), "create=true");
        assertEquals(List.of("far"), target.list("SELECT table_name FROM cdc_pattern.change_logs_default"));
        assertEquals(
                List.of("items", "stray"),
                target.list("SELECT table_name FROM cdc_pattern.change_logs_20260102 ORDER BY 1"));
    }

    @Test
    void oldPartitionsAreDetachedOrDropped() {
        String[] old = {"create=true", "partition=day", "partitions_ahead=0"};
        write(new TestChanges(TIME).insert("1", "a").at(TIME + DAY).insert("2", "b"), old);
        target.sql("UPDATE cdc_pattern.change_logs SET processed = TRUE WHERE record_id = '1'");
        open("create=true", "retain=drop_processed", "retain_days=2", "partitions_ahead=0")
                .close();
        assertFalse(partitions().contains("change_logs_20260102"), "all of it was processed");
        assertTrue(partitions().contains("change_logs_20260103"), "a row of it is not processed");
        open("create=true", "retain=detach", "retain_days=2", "partitions_ahead=0")
                .close();
        assertFalse(partitions().contains("change_logs_20260103"));
        assertEquals("1", target.ask("SELECT count(*) FROM cdc_pattern.change_logs_20260103"));
        write(new TestChanges(TIME + 5 * DAY).insert("3", "c"), old);
        open("create=true", "retain=drop", "retain_days=2", "partitions_ahead=0")
                .close();
        assertEquals("null", target.ask("SELECT to_regclass('cdc_pattern.change_logs_20260107')"));
        assertEquals(1, partitions().size(), partitions().toString());
    }

    @Test
    void withoutAPartitionTheErrorSaysSo() {
        target.sql(HandMadeTable.CHANGE_LOGS, "CREATE SCHEMA pgcdc");
        open("create=true", "partitions_ahead=0").close();
        target.sql("SELECT 1");
        CdcException e = assertThrows(CdcException.class, () -> write(new TestChanges(TIME).insert("1", "a")));
        assertEquals(ErrorCode.TARGET_MISSING, e.code());
        assertTrue(e.getMessage().contains("there is no partition for a row"), e.getMessage());
    }

    @Test
    void consumersClaimRowsMarkThemAndAreWoken() throws SQLException {
        open("create=true").close();
        try (Connection listener = target.server().connect(target.name());
                Connection other = target.server().connect(target.name());
                Statement claims = listener.createStatement();
                Statement otherClaims = other.createStatement()) {
            claims.execute("LISTEN changes");
            write(
                    new TestChanges(TIME).insert("1", "a").insert("2", "b").insert("3", "c"),
                    "create=true",
                    "notify=changes");
            var woken = listener.unwrap(PGConnection.class).getNotifications(10_000);
            assertEquals(1, woken.length);
            assertTrue(woken[0].getParameter().matches("[0-9A-F]+/[0-9A-F]+:2"), woken[0].getParameter());

            listener.setAutoCommit(false);
            other.setAutoCommit(false);
            assertEquals(List.of("1", "2"), ids(claims, "SELECT record_id FROM cdc_pattern.claim_change_logs(2)"));
            assertEquals(
                    List.of("3"), ids(otherClaims, "SELECT record_id FROM cdc_pattern.claim_change_logs(2, 'items')"));
            assertEquals(
                    List.of("2"),
                    ids(
                            claims,
                            "SELECT cdc_pattern.mark_change_logs(array_agg(change_id), min(changed_at))"
                                    + " FROM cdc_pattern.claim_change_logs(2)"));
            listener.commit();
            other.rollback();
            assertEquals(List.of("3"), ids(claims, "SELECT record_id FROM cdc_pattern.claim_change_logs(10)"));
        }
        assertEquals("2", target.ask("SELECT count(processed_at) FROM cdc_pattern.change_logs WHERE processed"));
    }

    private static List<String> ids(Statement statement, String sql) throws SQLException {
        List<String> ids = new java.util.ArrayList<>();
        try (var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    /** A process that another one has replaced cannot commit any more, whatever it has open. */
    @Test
    void aZombieIsFenced() {
        Sink zombie = open("create=true");
        zombie.write(new TestChanges(TIME).insert("1", "a").batch());
        Sink next = open("create=true");
        next.write(new TestChanges(TIME).insert("1", "a").batch());
        assertEquals(Durability.DURABLE, next.flush());
        CdcException lost = assertThrows(CdcException.class, zombie::flush);
        assertEquals(ErrorCode.TARGET_LOST, lost.code());
        CdcException e = assertThrows(
                CdcException.class,
                () -> zombie.write(new TestChanges(TIME + 9).insert("2", "b").batch()));
        assertEquals(ErrorCode.TARGET_TAKEN_OVER, e.code());
        assertEquals("1", target.ask("SELECT count(*) FROM cdc_pattern.change_logs"));
        zombie.close();
        next.close();
    }

    /** Also where its session could not be ended: the position is compared. */
    @Test
    void aZombieWithItsSessionIsFenced() {
        Sink zombie = open("create=true");
        zombie.write(new TestChanges(TIME).insert("1", "a").batch());
        target.sql("UPDATE pgcdc.sink_positions SET owner = 'another'");
        CdcException e = assertThrows(CdcException.class, zombie::flush);
        assertEquals(ErrorCode.TARGET_TAKEN_OVER, e.code());
        assertEquals("0", target.ask("SELECT count(*) FROM cdc_pattern.change_logs"));
        zombie.close();
    }

    /** The sinks' own tables are in FOR ALL TABLES, too. */
    @Test
    void aSinkOnTheSourceDoesNotFeedItself() throws SQLException {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)", "CREATE PUBLICATION captured FOR ALL TABLES");
            ReplicaTest.slot(source);
            Captured captured = new Captured(source, directory.resolve("queue"));
            for (int run = 1; run <= 3; run++) {
                source.sql("INSERT INTO t VALUES (" + run + ", 'v')");
                captured.bringTo(Map.of(
                        "one", source.sinkOf("one", new ChangeLogSinkProvider(), "create=true"),
                        "two", source.sinkOf("two", new ChangeLogSinkProvider(), "create=true", "table=other_logs")));
                assertEquals(
                        run + " " + run,
                        source.ask("SELECT (SELECT count(*) FROM cdc_pattern.change_logs) || ' ' ||"
                                + " (SELECT count(*) FROM cdc_pattern.other_logs)"));
            }
        }
    }

    @Test
    void tableNamesCanHaveTheirSchema() {
        write(new TestChanges(TIME).insert("1", "a"), "create=true", "table_names=qualified");
        assertEquals("kit.items", target.ask("SELECT table_name FROM cdc_pattern.change_logs"));
    }
}
