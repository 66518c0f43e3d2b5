package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of the source that get other names, or names that other tables had: each keeps its rows in the target. */
class RenamedTablesTest extends AlteredSource {

    @Test
    void tablesThatAreRenamedAreRenamed() {
        start(18);
        createTable("a");
        createTable("b");
        createTable("c");
        bring("create=true");
        source().sql(
                        "ALTER TABLE a RENAME TO a2",
                        "UPDATE a2 SET v = 'x' WHERE id = 1",
                        "CREATE SCHEMA s",
                        "ALTER TABLE b SET SCHEMA s",
                        "UPDATE s.b SET v = 'x' WHERE id = 1");
        bring("create=true");
        assertEquals(contents(source(), "a2"), contents(target(), "a2"));
        assertEquals(contents(source(), "s.b"), contents(target(), "s.b"));
        assertEquals("t", target().ask("SELECT to_regclass('a') IS NULL AND to_regclass('b') IS NULL"));
        // one takes the other's place
        source().sql("DROP TABLE a2", "ALTER TABLE c RENAME TO a2", "UPDATE a2 SET v = 'y' WHERE id = 2");
        bring("create=true");
        assertEquals(contents(source(), "a2"), contents(target(), "a2"));
        // the name is taken by a table of nobody
        target().sql("CREATE TABLE a3 (id int)");
        source().sql("ALTER TABLE a2 RENAME TO a3", "UPDATE a3 SET v = 'z' WHERE id = 2");
        assertEquals(ErrorCode.REPLICA_DIVERGES, runPrintedSql("create=true").code());
        assertEquals(contents(source(), "a3"), contents(target(), "a3"));
    }

    /** Each row may be the first to show it, and neither table is lost. */
    @ParameterizedTest
    @CsvSource({"create=true, a", "create=true, b", "create=false, a", "create=false, b"})
    void tablesThatChangePlacesKeepTheirRows(String create, String first) {
        start(18);
        for (String table : List.of("a", "b", "t", "t_new")) {
            createTable(table);
            source().sql("UPDATE " + table + " SET v = '" + table + "'");
        }
        bring("create=true");
        source().sql(
                        "ALTER TABLE a RENAME TO tmp",
                        "ALTER TABLE b RENAME TO a",
                        "ALTER TABLE tmp RENAME TO b",
                        "ALTER TABLE t RENAME TO t_old",
                        "ALTER TABLE t_new RENAME TO t");
        List<String> order = first.equals("a") ? List.of("a", "b", "t", "t_old") : List.of("b", "a", "t_old", "t");
        order.forEach(table -> source().sql("UPDATE " + table + " SET u = 'x' WHERE id = 1"));
        for (CdcException e = tryToBring(create); e != null; e = tryToBring(create)) {
            assertFalse(e.getMessage().contains("DROP TABLE"), e.getMessage());
            run(target(), e, "In the target: (.*?;) Then start again\\.");
        }
        order.forEach(table -> assertEquals(contents(source(), table), contents(target(), table), table));
    }

    /** The rows in the target are those of the table that lives on under another name, and no printed statement deletes them. */
    @ParameterizedTest
    @ValueSource(strings = {"create=true", "create=false"})
    void aRenamedTableKeepsItsRowsWhenANewOneGetsItsName(String create) {
        start(18);
        createTable("t");
        bring("create=true");
        source().sql(
                        "ALTER TABLE t RENAME TO t_old",
                        "CREATE TABLE t (id int PRIMARY KEY, w int[])",
                        "INSERT INTO t VALUES (1, '{7}')");
        CdcException stop = runPrintedSql(create);
        assertEquals(ErrorCode.REPLICA_DIVERGES, stop.code());
        assertFalse(stop.getMessage().contains("DELETE"), stop.getMessage());
        source().sql("UPDATE t_old SET v = 'x' WHERE id = 1");
        for (CdcException e = tryToBring(create); e != null; e = tryToBring(create)) {
            run(target(), e, "In the target: (.*?;) Then start again\\.");
        }
        assertEquals(contents(source(), "t"), contents(target(), "t"));
        assertEquals(contents(source(), "t_old"), contents(target(), "t_old"));
    }

    /** The same where tables of two schemas go to one. */
    @Test
    void aRenamedTableKeepsItsRowsWhenOneOfAnotherSchemaGetsItsTarget() {
        start(18);
        String[] settings = {"create=true", "schema=public"};
        source().sql("CREATE SCHEMA s");
        createTable("s.t");
        bring(settings);
        source().sql(
                        "ALTER TABLE s.t RENAME TO t_old",
                        "CREATE TABLE t (id int PRIMARY KEY)",
                        "INSERT INTO t VALUES (1)");
        CdcException stop = runPrintedSql(settings);
        assertFalse(stop.getMessage().contains("DELETE"), stop.getMessage());
        source().sql("UPDATE s.t_old SET v = 'x' WHERE id = 1");
        bring(settings);
        assertEquals(List.of("1"), target().list("SELECT id FROM t"));
        assertEquals(List.of("1x", "2v2", "3v3"), target().list("SELECT id || v FROM t_old ORDER BY 1"));
    }
}
