package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The SQL of rarer stops, run as it is printed: both sides are equal afterwards. */
class RemedySqlTest extends AlteredSource {

    private static final String UPPER = "ALTER TABLE t ALTER v TYPE text USING upper(v)";

    private static final String[] MAPPED = {"table=public.t", "columns=id,kind='s'", "key=id,kind"};

    @Test
    void anIndexAsReplicaIdentityIsNamedToBeGivenBack() {
        start(18);
        source().sql(
                        "CREATE TABLE t (id int NOT NULL, v text)",
                        "CREATE UNIQUE INDEX chosen ON t (id)",
                        "ALTER TABLE t REPLICA IDENTITY USING INDEX chosen",
                        "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        bring("create=true");
        source().sql(UPPER, "INSERT INTO t VALUES (3, 'c')");
        CdcException e = stop("create=true");
        String index = source().ask(group(e, "Before, (SELECT .*?) names the index"));
        run(target(), e, "In the target: (.*?;) Then start again\\.");
        run(source(), e, "On the source, to have all rows sent again: (.*;)$");
        source().sql(group(e, "names the index that (ALTER TABLE .* USING INDEX) must restore") + " " + index);
        bring("create=true");
        assertEquals(contents(source(), "t"), contents(target(), "t"));
        assertEquals("i", source().ask("SELECT relreplident FROM pg_class WHERE oid = 't'::regclass"));
    }

    @Test
    void aTableWithoutAKeyIsSentAgainByTheTargetsKey() {
        start(18);
        source().sql(
                        "CREATE TABLE t (id int, v text)",
                        "ALTER TABLE t REPLICA IDENTITY FULL",
                        "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        target().sql("CREATE TABLE t (id int NOT NULL UNIQUE, v text)");
        bring("create=true");
        source().sql(UPPER, "INSERT INTO t VALUES (3, 'c')");
        CdcException stop = runPrintedSql("create=true");
        assertTrue(
                stop.getMessage().contains("It has no key: if the target's table has none either"), stop.getMessage());
        assertEquals(contents(source(), "t"), contents(target(), "t"));
    }

    /** Each column has a default or must not be null. */
    @Test
    void aTableWithoutAPlainColumnIsSentAgain() {
        start(18);
        source().sql("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)", "INSERT INTO t VALUES (1, 1), (2, 2)");
        bring("create=true");
        source().sql(
                        "ALTER TABLE t ADD COLUMN w uuid NOT NULL DEFAULT gen_random_uuid()",
                        "INSERT INTO t VALUES (3, 3)");
        CdcException stop = runPrintedSql("create=true");
        assertTrue(stop.getMessage().contains("If \"n\" is an identity or generated column"), stop.getMessage());
        assertEquals(contents(source(), "t"), contents(target(), "t"));
    }

    @Test
    void rowsOfADroppedTableGoFromTheTableThatIsMadeOfIt() {
        CdcException e = stopOfAnotherTable("DROP TABLE s");
        run(target(), e, "If it was dropped: In the target: (.*?;) Then start again\\.");
        assertNull(tryToBring(MAPPED));
        assertEquals(List.of("3s"), target().list("SELECT id || kind FROM t ORDER BY 1"));
    }

    @Test
    void rowsOfARenamedTableStayInTheTableThatIsMadeOfIt() {
        CdcException e = stopOfAnotherTable("ALTER TABLE s RENAME TO s_old");
        assertEquals("s_old", source().ask(group(e, "On the source, (SELECT \\d+::regclass) shows")));
        run(target(), e, "To keep its rows: In the target: (.*?;) Then start again\\.");
        assertNull(tryToBring(MAPPED));
        assertEquals(List.of("1s", "2s", "3s"), target().list("SELECT id || kind FROM t ORDER BY 1"));
    }

    private CdcException stopOfAnotherTable(String gone) {
        start(18);
        source().sql("CREATE TABLE s (id int PRIMARY KEY)", "INSERT INTO s VALUES (1), (2)");
        target().sql("CREATE TABLE t (id int, kind text, PRIMARY KEY (id, kind))");
        bring("create=true", MAPPED[0], MAPPED[1], MAPPED[2]);
        source().sql(gone, "CREATE TABLE s (id int PRIMARY KEY)", "INSERT INTO s VALUES (3)");
        return stop(MAPPED);
    }

    private CdcException stop(String... settings) {
        CdcException e = tryToBring(settings);
        assertNotNull(e);
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code());
        return e;
    }

    private static String group(CdcException e, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(e.getMessage());
        assertTrue(matcher.find(), e.getMessage());
        return matcher.group(1);
    }
}
