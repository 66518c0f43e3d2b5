package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors of a target that may pass: the sink causes none of them itself, and gives up on one that stays. */
class BusyTargetTest {

    private static final String TABLES = """
            CREATE TABLE m (id int PRIMARY KEY);
            CREATE TABLE c (id int PRIMARY KEY, m int REFERENCES m DEFERRABLE INITIALLY DEFERRED);
            CREATE TABLE x (id int PRIMARY KEY, m int REFERENCES m DEFERRABLE INITIALLY DEFERRED)""";

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql(TABLES, "CREATE PUBLICATION captured FOR ALL TABLES");
        target.sql(TABLES);
        ReplicaTest.slot(source);
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private void bring() {
        new Captured(source, directory.resolve("queue"))
                .retrying(2)
                .bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true", "origin=off")));
    }

    /** One transaction of the target holds all of it. */
    @Test
    void tablesWithDeferredChecksAreTruncatedAndAltered() {
        // SET CONSTRAINTS goes by names, which are each table's own
        target.sql("CREATE TABLE y (id int CONSTRAINT c_m_fkey CHECK (id > 0))");
        source.sql(
                "INSERT INTO m VALUES (1)",
                "INSERT INTO c VALUES (1, 1)",
                "TRUNCATE c",
                "INSERT INTO c VALUES (2, 1)",
                "ALTER TABLE c ADD note text",
                "INSERT INTO c VALUES (3, 1, 'x')",
                "TRUNCATE m, c, x",
                "INSERT INTO m VALUES (7)");
        bring();
        assertEquals(List.of("7"), target.list("SELECT id FROM m"));
        assertEquals(List.of(), target.list("SELECT note FROM c"));
    }

    /** The parent comes later in the transaction, as the source allows. */
    @Test
    void anotherTablesCheckWaitsForTheTransactionsEnd() {
        source.sql("BEGIN; INSERT INTO x VALUES (1, 5); TRUNCATE c; INSERT INTO m VALUES (5); COMMIT");
        bring();
        assertEquals(List.of("5"), target.list("SELECT m FROM x"));
    }

    /** Two rows for each other, as the source allows; the second's table was altered before. */
    @Test
    void aTableIsAlteredWhileRowsWaitForIt() {
        source.sql(
                "INSERT INTO m VALUES (1)",
                "ALTER TABLE m ADD note text",
                "BEGIN; INSERT INTO c VALUES (1, 9); INSERT INTO m VALUES (9, 'x'); COMMIT");
        bring();
        assertEquals(List.of("9"), target.list("SELECT m FROM c"));
        assertEquals(List.of("x"), target.list("SELECT note FROM m WHERE id = 9"));
    }

    /** A constraint that only the target has: no row is refused for it. */
    @Test
    void whatCannotBeAlteredWithinTheTransactionIsAlteredByHand() {
        source.sql(
                "ALTER TABLE c DROP CONSTRAINT c_m_fkey",
                "BEGIN; INSERT INTO c VALUES (1, 9); ALTER TABLE c ADD note text;"
                        + " INSERT INTO c VALUES (2, 9, 'x'); INSERT INTO m VALUES (9); COMMIT");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code());
        assertTrue(e.getMessage().contains("constraint c_m_fkey of table public.c of the target"), e.getMessage());
        target.sql(e.getMessage().replaceAll("(?s).*In the target: (.*;) Then start again.*", "$1"));
        bring();
        assertEquals(List.of("9", "9"), target.list("SELECT m FROM c"));
    }

    /** The same of a key; the transactions before are committed, so that the person finds them in the target. */
    @Test
    void aKeyThatCannotBeAddedWithinTheTransactionIsAddedByHand() {
        source.sql("CREATE TABLE k (id int, m int)");
        target.sql("CREATE TABLE k (id int, m int REFERENCES m DEFERRABLE INITIALLY DEFERRED)");
        source.sql(
                "INSERT INTO m VALUES (1)",
                "BEGIN; INSERT INTO k VALUES (1, 9); ALTER TABLE k ADD PRIMARY KEY (id);"
                        + " INSERT INTO k VALUES (2, 9); INSERT INTO m VALUES (9); COMMIT");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code());
        assertEquals(List.of("1"), target.list("SELECT id FROM m"), e.getMessage());
        target.sql(e.getMessage().replaceAll("(?s).*In the target: (.*;) Then start again.*", "$1"));
        bring();
        assertEquals(List.of("9", "9"), target.list("SELECT m FROM k"));
    }

    /** A constraint that only the target has keeps a table from being emptied. */
    @Test
    void aConstraintThatForbidsATruncateIsDroppedByHand() {
        source.sql(
                "ALTER TABLE c DROP CONSTRAINT c_m_fkey",
                "INSERT INTO m VALUES (1)",
                "BEGIN; INSERT INTO c VALUES (1, 9); TRUNCATE c; INSERT INTO c VALUES (2, 1); COMMIT");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        assertEquals(List.of("1"), target.list("SELECT id FROM m"), e.getMessage());
        target.sql(e.getMessage().replaceAll("(?s).*In the target: (.*;) Then start again.*", "$1"));
        bring();
        assertEquals(List.of("2"), target.list("SELECT id FROM c"));
    }

    /** The target refuses a row of the transaction, too, so that its changes are applied one by one. */
    @Test
    void aStopKeepsNothingOfItsTransactionThatWasAppliedInPieces() {
        String table = "CREATE TABLE %s (id int PRIMARY KEY)";
        source.sql(table.formatted("k"), table.formatted("t"), "INSERT INTO k VALUES (1)", "INSERT INTO t VALUES (1)");
        bring();
        target.sql("ALTER TABLE m ADD CHECK (id < 100)");
        source.sql(
                "DROP TABLE t",
                table.formatted("t"),
                "INSERT INTO m VALUES (1)",
                "BEGIN; INSERT INTO k VALUES (2); INSERT INTO m VALUES (100); UPDATE k SET id = 5 WHERE id = 1;"
                        + " INSERT INTO t VALUES (3); COMMIT");
        CdcException e = assertThrows(
                CdcException.class,
                () -> new Captured(source, directory.resolve("queue"), true)
                        .bringTo(Map.of(
                                "replica", target.sink(new ProjectionSinkProvider(), "create=true", "origin=off"))));
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code(), e.getMessage());
        assertEquals(List.of("1"), target.list("SELECT id FROM k"));
        assertTrue(Files.exists(directory.resolve("queue/dead-letters/replica.jsonl")), "the row was refused before");
    }

    @Test
    void aTargetThatStaysReadOnlyStopsTheSinkByName() {
        bring();
        source.sql("INSERT INTO m VALUES (1)");
        target.sql("ALTER DATABASE " + target.name() + " SET default_transaction_read_only = on");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.TARGET_STAYS_BUSY, e.code());
        assertTrue(
                e.getMessage().contains("in a read-only transaction (SQLSTATE 25006)")
                        && e.getMessage().contains("RESET default_transaction_read_only"),
                e.getMessage());
        target.sql(
                "SET default_transaction_read_only = off",
                "ALTER DATABASE " + target.name() + " RESET default_transaction_read_only");
        bring();
        assertEquals(List.of("1"), target.list("SELECT id FROM m"));
    }
}
