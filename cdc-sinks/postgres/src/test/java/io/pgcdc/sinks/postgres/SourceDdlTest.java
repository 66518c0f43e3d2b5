package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is altered at the source without a row being sent: a replica is equal to its source afterwards, or the sink stops and says what to run; what
 * it says is run here as it is printed.
 */
class SourceDdlTest extends AlteredSource {

    /** Done in the target as well; each on a table of its own, in one run. */
    private static final List<String> DONE = List.of(
            "ALTER TABLE %1$s ADD COLUMN w int",
            "ALTER TABLE %1$s ADD COLUMN w text NOT NULL DEFAULT 'it''s'",
            "ALTER TABLE %1$s ADD COLUMN w timestamptz DEFAULT '2026-01-02 03:04:05+06'",
            "ALTER TABLE %1$s ADD COLUMN w int[] DEFAULT '{1,2}'; ALTER TABLE %1$s ALTER w DROP DEFAULT",
            "ALTER TABLE %1$s ADD COLUMN w int; ALTER TABLE %1$s ALTER w SET DEFAULT 5",
            "ALTER TABLE %1$s ADD COLUMN w int DEFAULT 1; ALTER TABLE %1$s ADD COLUMN x numeric(9,2) DEFAULT 1.5",
            "ALTER TABLE %1$s RENAME COLUMN v TO w",
            "ALTER TABLE %1$s RENAME COLUMN v TO w; ALTER TABLE %1$s ADD COLUMN v int DEFAULT 7",
            "ALTER TABLE %1$s RENAME COLUMN v TO x; ALTER TABLE %1$s RENAME COLUMN u TO v; ALTER TABLE %1$s RENAME COLUMN x TO u",
            "ALTER TABLE %1$s RENAME COLUMN id TO key",
            "ALTER TABLE %1$s ALTER v SET DEFAULT 'x'",
            "ALTER TABLE %1$s ALTER v SET NOT NULL",
            "ALTER TABLE %1$s ALTER u TYPE varchar(20)",
            "ALTER TABLE %1$s ADD COLUMN w box DEFAULT '(1,1),(0,0)'");

    /** Stopped by name; the printed SQL makes both equal. */
    private static final List<String> STOPPED = List.of(
            "ALTER TABLE %1$s ADD COLUMN w uuid DEFAULT gen_random_uuid()",
            "ALTER TABLE %1$s ADD COLUMN w bigserial",
            "ALTER TABLE %1$s ADD COLUMN w int GENERATED ALWAYS AS IDENTITY",
            "ALTER TABLE %1$s ALTER v TYPE text USING upper(v)",
            "ALTER TABLE %1$s ALTER id TYPE bigint USING id * 2",
            "ALTER TABLE %1$s ALTER id ADD GENERATED ALWAYS AS IDENTITY; ALTER TABLE %1$s ALTER v TYPE text USING upper(v)",
            "ALTER TABLE %1$s DROP COLUMN v; ALTER TABLE %1$s ADD COLUMN v text",
            "ALTER TABLE %1$s DROP COLUMN v; ALTER TABLE %1$s ADD COLUMN v text DEFAULT 'w'",
            "DROP TABLE %1$s; CREATE TABLE %1$s (id int PRIMARY KEY, v text); INSERT INTO %1$s VALUES (9, 'new')");

    @EachPostgres
    void whatCanBeDoneIsDone(int version) {
        start(version);
        for (int i = 0; i < DONE.size(); i++) {
            createTable("t" + i);
        }
        bring("create=true");
        for (int i = 0; i < DONE.size(); i++) {
            source().sql(DONE.get(i).formatted("t" + i).split("; "));
            source().sql("DELETE FROM t" + i + " WHERE " + (DONE.get(i).contains("key") ? "key" : "id") + " = 1");
        }
        bring("create=true");
        for (int i = 0; i < DONE.size(); i++) {
            assertEquals(contents(source(), "t" + i), contents(target(), "t" + i), DONE.get(i));
        }
        assertEquals(
                "0",
                target().ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 't7'::regclass AND atthasdef"),
                "the target has no defaults of its own");
    }

    /** There a backslash in a plain literal begins an escape. */
    @Test
    void aDefaultKeepsItsBackslashesWhateverTheTargetsDefaultsSay() {
        start(18);
        target().sql("ALTER DATABASE " + target().name() + " SET standard_conforming_strings = off");
        createTable("t");
        bring("create=true");
        source().sql("ALTER TABLE t ADD COLUMN w text NOT NULL DEFAULT 'C:\\new\\''x'", "DELETE FROM t WHERE id = 1");
        bring("create=true");
        assertEquals(contents(source(), "t"), contents(target(), "t"));
    }

    @EachPostgres
    void whatCannotBeDoneStopsTheSinkWithTheSqlThatDoes(int version) {
        start(version);
        for (int i = 0; i < STOPPED.size(); i++) {
            createTable("t" + i);
        }
        bring("create=true");
        for (int i = 0; i < STOPPED.size(); i++) {
            source().sql(STOPPED.get(i).formatted("t" + i).split("; "));
            source().sql("INSERT INTO t" + i + " (id, v) OVERRIDING SYSTEM VALUE VALUES (100, 'z')");
        }
        assertEquals(ErrorCode.REPLICA_DIVERGES, runPrintedSql("create=true").code());
        for (int i = 0; i < STOPPED.size(); i++) {
            assertEquals(contents(source(), "t" + i), contents(target(), "t" + i), STOPPED.get(i));
        }
    }

    /** Everything of the two lists, where the sink may not alter anything. */
    @Test
    void aTargetThatMayNotBeAlteredStopsTheSinkWithTheSql() {
        start(18);
        List<String> all = new java.util.ArrayList<>(DONE);
        all.addAll(STOPPED);
        all.removeIf(ddl -> ddl.contains("ALTER id ADD GENERATED")); // its key can have no other value
        for (int i = 0; i < all.size(); i++) {
            createTable("t" + i);
        }
        bring("create=true");
        for (int i = 0; i < all.size(); i++) {
            source().sql(all.get(i).formatted("t" + i).split("; "));
            String key = all.get(i).contains("key") ? "key" : "id";
            source().sql("UPDATE t" + i + " SET " + key + " = 100 WHERE " + key + " = (SELECT max(" + key + ") FROM t"
                    + i + ")");
        }
        assertEquals(ErrorCode.REPLICA_DIVERGES, runPrintedSql().code());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(contents(source(), "t" + i), contents(target(), "t" + i), all.get(i));
        }
    }

    /** A layout that is kept is written once: on the source itself each write would be captured again. */
    @Test
    void whatIsKnownIsNotWrittenAgain() {
        start(18);
        createTable("a");
        bring("create=true");
        source().sql("ALTER TABLE a ADD COLUMN w int NOT NULL DEFAULT 5", "INSERT INTO a VALUES (5)");
        bring("create=true");
        String written = target().ask("SELECT xmin FROM pgcdc.sink_positions_layouts");
        source().sql("INSERT INTO a VALUES (6)");
        bring("create=true");
        assertEquals("6", target().ask("SELECT max(id) FROM a"));
        assertEquals(written, target().ask("SELECT xmin FROM pgcdc.sink_positions_layouts"));
    }

    /** VACUUM FULL and TRUNCATE move rows to another file, too. */
    @Test
    void whatOnlyMovesRowsStopsNothing() {
        start(18);
        createTable("a");
        bring("create=true");
        source().sql("ALTER TABLE a ADD COLUMN w int DEFAULT 5", "UPDATE a SET v = 'x' WHERE id = 1");
        bring("create=true");
        source().sql(
                        "TRUNCATE a",
                        "INSERT INTO a VALUES (1), (2)",
                        "ALTER TABLE a DROP COLUMN u",
                        "INSERT INTO a VALUES (3)");
        bring("create=true");
        source().sql("VACUUM FULL a", "INSERT INTO a VALUES (4)");
        bring("create=true");
        source().sql("ALTER TABLE a ALTER v SET DEFAULT 'q'", "INSERT INTO a VALUES (5)");
        bring("create=true");
        assertEquals(contents(source(), "a"), contents(target(), "a"));
    }

    /** The catalog shows what was altered before the rows of the earlier layout are read; of b, c and d those are the first ones. */
    @Test
    void whatIsAlteredWhileTheStreamLagsIsNoticed() {
        start(18);
        createTable("a");
        bring("create=true");
        for (String table : List.of("b", "c", "d")) {
            createTable(table);
        }
        source().sql(
                        "INSERT INTO a VALUES (4)",
                        "ALTER TABLE a ADD COLUMN w uuid DEFAULT gen_random_uuid()",
                        "ALTER TABLE b ADD COLUMN w uuid DEFAULT gen_random_uuid()",
                        "ALTER TABLE c ADD COLUMN w int",
                        "ALTER TABLE d ADD COLUMN w int DEFAULT 5",
                        "INSERT INTO a VALUES (5)",
                        "INSERT INTO b VALUES (5)",
                        "INSERT INTO c VALUES (5)",
                        "INSERT INTO d VALUES (5)");
        assertEquals(ErrorCode.REPLICA_DIVERGES, runPrintedSql("create=true").code());
        for (String table : List.of("a", "b", "c", "d")) {
            assertEquals(contents(source(), table), contents(target(), table), table);
        }
    }

    /** A replica that an older version made has no layouts: it goes on, and what is altered from then on is noticed. */
    @Test
    void aReplicaWithoutLayoutsGoesOn() {
        start(18);
        createTable("a");
        bring("create=true");
        target().sql("DROP TABLE pgcdc.sink_positions_layouts");
        source().sql("ALTER TABLE a ADD COLUMN w int", "INSERT INTO a VALUES (4)");
        target().sql("ALTER TABLE a ADD COLUMN w int");
        bring();
        source().sql("INSERT INTO a VALUES (5)");
        bring("create=true");
        source().sql("ALTER TABLE a ADD COLUMN x int DEFAULT 3", "INSERT INTO a VALUES (6)");
        bring("create=true");
        assertEquals(contents(source(), "a"), contents(target(), "a"));
    }

    /** Another role made the table, or nobody may: a sink that worked before there were layouts still works. */
    @Test
    void aRoleWithoutRightsOnLayoutsGoesOn() {
        start(18);
        createTable("a");
        bring("create=true");
        String role = target().name() + "_sink";
        String url = "url=" + target().url(role + ":" + PgServer.password());
        target().sql(
                        "CREATE ROLE " + role + " LOGIN PASSWORD '" + PgServer.password() + "'",
                        "GRANT USAGE ON SCHEMA pgcdc TO " + role,
                        "GRANT ALL ON pgcdc.sink_positions TO " + role,
                        "ALTER TABLE a OWNER TO " + role,
                        "GRANT CREATE ON SCHEMA public TO " + role,
                        "GRANT SELECT, INSERT, UPDATE ON pgcdc.sink_positions_layouts TO " + role);
        source().sql("INSERT INTO a VALUES (5)");
        bring(url, "create=true", "origin=off");
        target().sql("DROP TABLE pgcdc.sink_positions_layouts");
        source().sql("ALTER TABLE a ADD COLUMN w int", "INSERT INTO a VALUES (6)");
        bring(url, "create=true", "origin=off");
        assertEquals(contents(source(), "a"), contents(target(), "a"));
        // the target takes back a rename with the row that it refuses
        target().sql("ALTER TABLE a ADD CHECK (id < 100)");
        source().sql("INSERT INTO a VALUES (7)", "ALTER TABLE a RENAME TO a9");
        source().sql("BEGIN; INSERT INTO a9 VALUES (8); INSERT INTO a9 VALUES (100); COMMIT");
        new Captured(source(), directory.resolve("queue"), true)
                .bringTo(Map.of(
                        "replica", target().sink(new ProjectionSinkProvider(), url, "create=true", "origin=off")));
        source().sql("DELETE FROM a9 WHERE id = 100");
        bring(url, "create=true", "origin=off");
        assertEquals(contents(source(), "a9"), contents(target(), "a9"));
        target().sql("DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void rowsOfPartitionsThatComeUnderOtherNamesStopTheSink() {
        start(18);
        source().sql(
                        "DROP PUBLICATION captured",
                        "CREATE PUBLICATION captured FOR ALL TABLES WITH (publish_via_partition_root = true)",
                        "CREATE TABLE root (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                        "CREATE TABLE leaf1 PARTITION OF root FOR VALUES FROM (0) TO (10)",
                        "CREATE TABLE leaf2 PARTITION OF root FOR VALUES FROM (10) TO (20)",
                        "INSERT INTO root VALUES (1, 'a'), (11, 'b')");
        bring("create=true");
        source().sql("ALTER TABLE root ADD COLUMN w int DEFAULT 3", "INSERT INTO root VALUES (2, 'c')");
        bring("create=true");
        source().sql(
                        "CREATE TABLE leaf3 PARTITION OF root FOR VALUES FROM (20) TO (30)",
                        "ALTER TABLE root ALTER v SET DEFAULT 'x'",
                        "INSERT INTO root VALUES (21, 'd')",
                        "DELETE FROM root WHERE id = 21");
        bring("create=true");
        assertEquals(contents(source(), "root"), contents(target(), "root"));
        source().sql(
                        "ALTER PUBLICATION captured SET (publish_via_partition_root = false)",
                        "INSERT INTO root VALUES (3, 'c'), (13, 'd')");
        assertEquals(ErrorCode.PARTITIONS_RENAMED, runPrintedSql("create=true").code());
        assertEquals(contents(source(), "leaf1"), contents(target(), "leaf1"));
        assertEquals(contents(source(), "leaf2"), contents(target(), "leaf2"));
        source().sql(
                        "ALTER PUBLICATION captured SET (publish_via_partition_root = true)",
                        "INSERT INTO root VALUES (4, 'c'), (14, 'd')");
        assertEquals(ErrorCode.PARTITIONS_RENAMED, runPrintedSql("create=true").code());
        assertEquals(contents(source(), "root"), contents(target(), "root"));
    }
}
