package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.sinks.postgres.transaction.LongStatements;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Statements that take longer than answer_timeout_ms, as they do on a large table: the sink waits for them, but not for locks. The target makes
 * them slow: its triggers and casts call pg_sleep.
 */
class LongStatementsTest {

    private static final String LIMIT = "answer_timeout_ms=1000";

    /** Longer than the statement's limit. */
    private static final String LONG = "1.2";

    /** Longer than the limit of the socket, five seconds after the other. */
    private static final String LONGER = "6.3";

    /** 2026-01-02 03:04:05 UTC. */
    private static final long TIME = 1_767_323_045_000_000L;

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private void bring(String... more) {
        String[] settings = Stream.concat(Stream.of(LIMIT, "create=true", "origin=off"), Stream.of(more))
                .toArray(String[]::new);
        new Captured(source, directory.resolve("queue"))
                .retrying(1)
                .bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), settings)));
    }

    private void slowAlterTable(String seconds) {
        target.sql(
                "CREATE FUNCTION slow_ddl() RETURNS event_trigger LANGUAGE plpgsql AS" + " 'BEGIN PERFORM pg_sleep("
                        + seconds + "); END'",
                "CREATE EVENT TRIGGER slow_ddl ON ddl_command_start WHEN TAG IN ('ALTER TABLE')"
                        + " EXECUTE FUNCTION slow_ddl()");
    }

    /** @param trigger of table t; from the name on */
    private void slowTrigger(String trigger) {
        target.sql(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS" + " 'BEGIN PERFORM pg_sleep(" + LONG
                        + "); RETURN NULL; END'",
                trigger + " EXECUTE FUNCTION slow()");
    }

    @Test
    void bothLimitsComeBackAfterwards() throws SQLException {
        Connection connection = target.connection();
        connection.setNetworkTimeout(Runnable::run, 6_000);
        connection.setAutoCommit(false);
        assertEquals("0, 0 ms", LongStatements.run(connection, () -> limits(connection)));
        assertEquals("1s, 6000 ms", limits(connection));
        LongStatements.execute(connection, "CREATE TABLE limits AS SELECT current_setting('statement_timeout')");
        assertEquals("0", target.ask("SELECT * FROM limits"));
        assertEquals("1s, 6000 ms", limits(connection));
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private String limits(Connection connection) throws SQLException {
        return target.ask("SHOW statement_timeout") + ", " + connection.getNetworkTimeout() + " ms";
    }

    @Test
    void aKeyIsAddedHoweverLongItTakes() {
        source.sql("CREATE TABLE t (id int, v text)", "INSERT INTO t VALUES (1, 'a')");
        bring();
        slowAlterTable(LONGER);
        source.sql("ALTER TABLE t ADD PRIMARY KEY (id)", "INSERT INTO t VALUES (2, 'b')");
        bring();
        assertEquals("t", target.ask("SELECT indisprimary FROM pg_index WHERE indrelid = 't'::regclass"));
        assertEquals(List.of("1a", "2b"), target.list("SELECT id || v FROM t ORDER BY 1"));
    }

    /** Reads the column of all rows, whose cast to text is slow. */
    @Test
    void aColumnThatIsThereIsComparedHoweverLongItTakes() {
        String type = "CREATE TYPE mood AS ENUM ('glad')";
        String add = "ALTER TABLE t ADD w mood DEFAULT 'glad'";
        source.sql(type, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)");
        bring();
        target.sql(
                type,
                add,
                "CREATE FUNCTION slow_text(m mood) RETURNS text LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(0.4); RETURN format(''%s'', m); END'",
                "CREATE CAST (mood AS text) WITH FUNCTION slow_text(mood)");
        source.sql(add, "INSERT INTO t VALUES (4)");
        bring();
        assertEquals("4", target.ask("SELECT count(*) FROM t WHERE w = 'glad'"));
    }

    @Test
    void deferredChecksOfALargeTransactionAreWaitedFor() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY)");
        target.sql("CREATE TABLE t (id int PRIMARY KEY)");
        slowTrigger("CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW");
        source.sql("INSERT INTO t VALUES (1)");
        bring();
        assertEquals(List.of("1"), target.list("SELECT id FROM t"));
    }

    @Test
    void aTableIsTruncatedHoweverLongItTakes() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        bring();
        slowTrigger("CREATE TRIGGER slow BEFORE TRUNCATE ON t FOR EACH STATEMENT");
        source.sql("TRUNCATE t", "INSERT INTO t VALUES (2)");
        bring();
        assertEquals(List.of("2"), target.list("SELECT id FROM t"));
    }

    /** Rows of a part of the target are deleted one by one. */
    @Test
    void aPartOfATableIsEmptiedHoweverLongItTakes() {
        String[] settings = {"table=public.t", "columns=id,kind='s'", "key=id,kind"};
        source.sql("CREATE TABLE s (id int PRIMARY KEY)", "INSERT INTO s VALUES (1)");
        target.sql("CREATE TABLE t (id int, kind text, PRIMARY KEY (id, kind))", "INSERT INTO t VALUES (1, 'other')");
        bring(settings);
        slowTrigger("CREATE TRIGGER slow BEFORE DELETE ON t FOR EACH STATEMENT");
        source.sql("TRUNCATE s", "INSERT INTO s VALUES (2)");
        bring(settings);
        assertEquals(List.of("1other", "2s"), target.list("SELECT id || kind FROM t ORDER BY 1"));
    }

    /** The server reads the whole default partition before it attaches another one. */
    @Test
    void aPartitionIsAttachedHoweverLongItTakes() {
        slowAlterTable(LONG);
        try (Sink sink =
                target.open(new ChangeLogSinkProvider(), LIMIT, "create=true", "partition=day", "partitions_ahead=0")) {
            sink.write(new TestChanges(TIME).insert("1", "a").batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertEquals(
                "1",
                target.ask(
                        "SELECT count(*) FROM cdc_pattern.change_logs WHERE tableoid::regclass::text NOT LIKE '%default'"));
    }

    /** Whoever comes after would wait, too. */
    @Test
    void aLockIsNotWaitedForWithoutALimit() {
        source.sql("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        bring();
        source.sql("ALTER TABLE t ADD PRIMARY KEY (id)", "INSERT INTO t VALUES (2)");
        target.sql("BEGIN", "LOCK TABLE t IN ACCESS SHARE MODE");
        CdcException e = assertThrows(CdcException.class, () -> bring());
        assertEquals(ErrorCode.TARGET_STAYS_BUSY, e.code());
        assertTrue(e.getMessage().contains("SQLSTATE 55P03"), e.getMessage());
        target.sql("COMMIT");
        bring();
        assertEquals(List.of("1", "2"), target.list("SELECT id FROM t ORDER BY 1"));
    }
}
