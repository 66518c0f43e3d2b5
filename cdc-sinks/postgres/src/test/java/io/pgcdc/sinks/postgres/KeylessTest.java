package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a replica without a primary key, or with one that came after their first rows, as in every restored dump. */
class KeylessTest {

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;
    private Captured captured;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
        captured = new Captured(source, directory.resolve("queue"));
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private void bring() {
        captured.bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
    }

    @Test
    void aKeyThatCameAfterTheFirstRowsIsTaken() {
        target.sql("CREATE TABLE made (id int PRIMARY KEY, v text)");
        for (String table : List.of("made", "t")) {
            source.sql(
                    "CREATE TABLE " + table + " (id int, v text)",
                    "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, 'c')",
                    "ALTER TABLE " + table + " ADD PRIMARY KEY (id)",
                    "UPDATE " + table + " SET v = 'bb' WHERE id = 2",
                    "DELETE FROM " + table + " WHERE id = 3");
        }
        bring();
        for (String table : List.of("made", "t")) {
            assertEquals(List.of("1a", "2bb"), target.list("SELECT id || v FROM " + table + " ORDER BY 1"), table);
        }
        assertEquals("t", target.ask("SELECT indisprimary FROM pg_index WHERE indrelid = 't'::regclass"));
    }

    /** Two rows of the source that are one to the target's own key: said by name, and never one written over the other. */
    @Test
    void theTargetsOwnKeyIsFoundByAndNotWrittenOver() {
        source.sql("CREATE TABLE t (id int, v text)", "ALTER TABLE t REPLICA IDENTITY FULL");
        target.sql("CREATE TABLE t (id int NOT NULL UNIQUE, v text)");
        source.sql(
                "BEGIN; INSERT INTO t VALUES (1, 'a'), (2, 'b'); UPDATE t SET v = 'bb' WHERE id = 2;"
                        + " DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (1, 'c'); COMMIT",
                "UPDATE t SET id = 3 WHERE id = 2");
        bring();
        assertEquals(List.of("1c", "3bb"), target.list("SELECT id || v FROM t ORDER BY 1"));
        source.sql("BEGIN; INSERT INTO t VALUES (4, 'd'); INSERT INTO t VALUES (4, 'e'); COMMIT");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        captured = new Captured(source, directory.resolve("queue"), true);
        bring();
        assertEquals(List.of("1c", "3bb", "4d"), target.list("SELECT id || v FROM t ORDER BY 1"));
    }

    /** Equal rows, nulls, and types whose values the server cannot compare. */
    @Test
    void withoutAnyKeyARowIsFoundByItsWholeOldRow() {
        source.sql(
                "CREATE TABLE t (id int, v text, f float8, j json, p point)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1, 'a', 1e-7, '{\"a\":  1}', '(1,2)'), (1, 'a', 1e-7, '{\"a\":  1}', '(1,2)'),"
                        + " (1, 'a', 1e-7, '{\"a\": 1}', '(1,2)'), (2, NULL, NULL, NULL, NULL), (2, '', 'NaN', '[]', NULL)",
                "DELETE FROM t WHERE ctid = '(0,1)'",
                "UPDATE t SET v = 'b', f = f + 1 WHERE id = 2",
                "BEGIN; INSERT INTO t VALUES (3); UPDATE t SET id = 4 WHERE id = 3; DELETE FROM t WHERE id = 4;"
                        + " INSERT INTO t VALUES (5, 'x'); UPDATE t SET v = 'y' WHERE id = 5; COMMIT");
        bring();
        String rows = "SELECT t::text FROM t ORDER BY 1";
        assertEquals(source.list(rows), target.list(rows));
        assertEquals("5", target.ask("SELECT count(*) FROM t"));

        target.sql("DELETE FROM t WHERE id = 5");
        source.sql("DELETE FROM t WHERE id = 5");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        captured.without("public.t");
        source.sql("CREATE TABLE u (id int PRIMARY KEY)", "INSERT INTO u VALUES (1)");
        bring();
        assertEquals(List.of("1"), target.list("SELECT id FROM u"));
    }

    /** A ctid is of one partition; a column may round; and a row that is marked is none of those that are left. */
    @Test
    void oneRowIsChangedAndNoOther() {
        source.sql("CREATE TABLE t (a int, n numeric)", "ALTER TABLE t REPLICA IDENTITY FULL");
        target.sql(
                "CREATE TABLE t (a int, n numeric(10,1)) PARTITION BY LIST (a)",
                "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)",
                "CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)");
        source.sql("INSERT INTO t VALUES (1, 1.25), (2, 2)", "DELETE FROM t WHERE a = 1", "UPDATE t SET n = 3");
        bring();
        assertEquals(List.of("2 3.0"), target.list("SELECT a || ' ' || n FROM t"));

        source.sql(
                "CREATE TABLE u (a int)", "ALTER TABLE u REPLICA IDENTITY FULL", "INSERT INTO u VALUES (1), (1), (1)");
        source.sql("DELETE FROM u WHERE ctid = '(0,1)'", "DELETE FROM u WHERE ctid = '(0,2)'");
        target.sql("CREATE TABLE u (a int, gone boolean)");
        captured.without("public.t");
        captured.bringTo(Map.of(
                "soft",
                target.sinkOf(
                        "soft",
                        new ProjectionSinkProvider(),
                        "create=true",
                        "table=public.u",
                        "columns=a",
                        "on_delete=soft",
                        "deleted_column=gone")));
        assertEquals(List.of("1 f", "1 t", "1 t"), target.list("SELECT concat_ws(' ', a, gone) FROM u ORDER BY 1"));
    }

    /** The target's new key counts for changes that were made before it. */
    @Test
    void aKeyThatIsAddedToTheTargetIsUsed() {
        source.sql(
                "CREATE TABLE t (id int, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        bring();
        source.sql("UPDATE t SET v = 'c' WHERE id = 1");
        bringAfter("ALTER TABLE t ADD PRIMARY KEY (id); UPDATE t SET v = 'mine' WHERE id = 1");
        assertEquals(List.of("1c", "2b"), target.list("SELECT id || v FROM t ORDER BY 1"));
    }

    private void bringAfter(String sql) {
        target.sql(sql);
        bring();
    }

    @Test
    void rowsThatTheNewKeyCannotTellApartAreNamed() {
        source.sql("CREATE TABLE t (id int, v text)", "INSERT INTO t VALUES (1, 'a')");
        bring();
        target.sql("INSERT INTO t VALUES (1, 'mine')");
        source.sql("ALTER TABLE t ADD PRIMARY KEY (id)", "INSERT INTO t VALUES (2, 'b')");
        CdcException e = assertThrows(CdcException.class, this::bring);
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        assertTrue(e.getMessage().contains("ALTER TABLE \"public\".\"t\" ADD PRIMARY KEY (\"id\")"), e.getMessage());
        bringAfter("DELETE FROM t WHERE v = 'mine'");
        assertEquals(List.of("1a", "2b"), target.list("SELECT id || v FROM t ORDER BY 1"));
    }
}
