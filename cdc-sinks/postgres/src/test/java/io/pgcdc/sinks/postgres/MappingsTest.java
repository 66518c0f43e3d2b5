package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several mappings in one sink, conditions, paths into JSON and values that are merged. */
class MappingsTest {

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

    private void bring(String... settings) {
        Sink sink = target.sink(new ProjectionSinkProvider(), settings);
        captured.bringTo(Map.of("projection", sink));
    }

    /** The write model and the read model that references it, in one transaction of the target. */
    @Test
    void aReadModelMayReferenceTheCommandsThatTheSameSinkWrites() {
        source.sql("""
                CREATE TABLE commands (command_id bigint PRIMARY KEY, command_type text, aggregate_id text, command_data jsonb, status text);
                ALTER TABLE commands REPLICA IDENTITY FULL""");
        target.sql("""
                CREATE TABLE commands (command_id bigint PRIMARY KEY, command_type text, aggregate_id text, status text);
                CREATE TABLE query_models (aggregate_id text PRIMARY KEY, model_type text NOT NULL, model_data jsonb NOT NULL,
                    last_command_id bigint REFERENCES commands)""");
        String[] settings = {
            "create=true",
            "mappings[0].tables=public.commands",
            "mappings[0].table=public.query_models",
            "mappings[0].columns=aggregate_id, model_type='order', model_data||=command_data, last_command_id=command_id",
            "mappings[0].key=aggregate_id",
            "mappings[0].where=new.status == 'completed'",
            "mappings[0].on_delete=ignore",
            "mappings[1].tables=public.commands",
            "mappings[1].table=public.commands",
            "mappings[1].columns=command_id, command_type, aggregate_id, status",
        };
        source.sql(
                "INSERT INTO commands VALUES (1, 'place', 'o-1', '{\"total\": 5}', 'completed')",
                "INSERT INTO commands VALUES (2, 'pay', 'o-1', '{\"paid\": true}', 'pending')",
                "BEGIN; INSERT INTO commands VALUES (3, 'place', 'o-2', '{\"total\": 7}', 'completed');"
                        + " UPDATE commands SET status = 'completed' WHERE command_id = 2; COMMIT");
        bring(settings);
        String models = "SELECT concat_ws('|', aggregate_id, model_data, last_command_id) FROM query_models ORDER BY 1";
        assertEquals(List.of("o-1|{\"paid\": true, \"total\": 5}|2", "o-2|{\"total\": 7}|3"), target.list(models));
        assertEquals(
                List.of("1completed", "2completed", "3completed"),
                target.list("SELECT command_id || status FROM commands ORDER BY 1"));

        source.sql("TRUNCATE commands", "INSERT INTO commands VALUES (4, 'place', 'o-3', '{}', 'completed')");
        target.sql("INSERT INTO query_models VALUES ('other', 'cart', '{}', NULL)");
        bring(settings);
        assertEquals(List.of("o-3|{}|4", "other|{}"), target.list(models), "rows of other constants stay");
    }

    /** Many events of one aggregate in one batch; late and repeated ones are skipped. */
    @Test
    void eventsAreFoldedIntoAModelInTheOrderOfTheirVersions() {
        source.sql(
                "CREATE TABLE events (id bigserial PRIMARY KEY, kind text, aggregate text, data jsonb, version int)");
        target.sql("""
                CREATE TABLE models (aggregate text PRIMARY KEY, email text NOT NULL, name text NOT NULL, data jsonb NOT NULL,
                    plain json, version int NOT NULL)""");
        String[] settings = {
            "create=true",
            "table=public.models",
            "columns=aggregate, email?=data->>'email', name?=data->'person'->>'name', data||=data, plain||=data, version",
            "key=aggregate",
            "newer_by=version",
            "on_delete=ignore",
            "where=new.kind != 'Noted'",
        };
        String insert = "INSERT INTO events (kind, aggregate, data, version) VALUES ";
        source.sql(
                insert + "('Registered', 'a', '{\"email\": \"a@x\", \"person\": {\"name\": \"Ada\"}, \"n\": 1}', 1),"
                        + " ('Registered', 'b', '{\"email\": \"b@x\", \"person\": {\"name\": \"Bob\"}}', 1),"
                        + " ('Noted', 'a', '{\"secret\": 1}', 2),"
                        + " ('Moved', 'a', '{\"email\": \"a@y\"}', 3), ('Renamed', 'a', '{\"person\": {\"name\": \"Eve\"}}', 4),"
                        + " ('Moved', 'a', '{\"email\": \"late\"}', 2), ('Counted', 'a', '{\"n\": 2, \"email\": null}', 5)",
                insert + "('Moved', 'b', '{\"email\": \"b@y\"}', 2)");
        bring(settings);
        source.sql(
                insert
                        + "('Moved', 'b', '{\"email\": \"never\"}', 1), ('Renamed', 'b', '{\"person\": {\"name\": \"Bo\"}}', 3)");
        bring(settings);
        assertEquals(
                List.of("a|a@y|Eve|{\"n\": 2, \"email\": null, \"person\": {\"name\": \"Eve\"}}|5", "b|b@y|Bo|true|3"),
                target.list("SELECT concat_ws('|', aggregate, email, name, CASE aggregate WHEN 'a' THEN data::text"
                        + " ELSE (data = '{\"email\": \"b@y\", \"person\": {\"name\": \"Bo\"}}')::text END, version)"
                        + " FROM models ORDER BY 1"));
        assertEquals("t", target.ask("SELECT bool_and(plain::jsonb = data) FROM models"));
    }

    /** The first event that is seen of an aggregate need not be the one that made it. */
    @Test
    void anAggregateWhoseBeginningWasNotSentGetsARowIfTheTableAllowsIt() {
        source.sql("CREATE TABLE events (id bigserial PRIMARY KEY, aggregate text, data jsonb)");
        target.sql("CREATE TABLE models (aggregate text PRIMARY KEY, email text, name text, seen int)");
        source.sql(
                "INSERT INTO events (aggregate, data) VALUES ('a', '{\"name\": \"Ada\"}'), ('a', '{\"email\": \"a@x\"}')");
        bring(
                "create=true",
                "table=public.models",
                "columns=aggregate, email?=data->>'email', name?=data->>'name'",
                "key=aggregate",
                "version_column=seen");
        assertEquals(
                List.of("a|a@x|Ada|2"), target.list("SELECT concat_ws('|', aggregate, email, name, seen) FROM models"));
    }

    /** With the whole old row and without it. */
    @Test
    void rowsComeAndGoAsTheyMeetTheCondition() {
        target.sql("CREATE SCHEMA full_rows", "CREATE SCHEMA keys_only");
        source.sql("CREATE SCHEMA full_rows", "CREATE SCHEMA keys_only");
        for (String schema : List.of("full_rows", "keys_only")) {
            source.sql("CREATE TABLE " + schema
                    + ".orders (id int PRIMARY KEY, state text, total numeric(20,2), tags text[])");
        }
        source.sql("ALTER TABLE full_rows.orders REPLICA IDENTITY FULL");
        String[] settings = {"create=true", "where=new.state == 'open' && new.total >= 10 && !('spam' in new.tags)"};
        for (String schema : List.of("full_rows", "keys_only")) {
            source.sql(
                    "INSERT INTO " + schema
                            + ".orders VALUES (1, 'open', 10, '{}'), (2, 'done', 20, '{}'), (3, 'open', 9.99, '{}'),"
                            + " (4, 'open', 50, '{spam,x}'), (5, 'open', 1e9, NULL)",
                    "UPDATE " + schema + ".orders SET tags = '{}' WHERE id = 5",
                    "UPDATE " + schema + ".orders SET total = 11 WHERE id = 3");
        }
        assertRefused("the condition of where", settings);
        captured = new Captured(source, directory.resolve("queue"), true);
        bring(settings);
        for (String schema : List.of("full_rows", "keys_only")) {
            String rows = "SELECT id FROM " + schema + ".orders ORDER BY id";
            assertEquals(List.of("1", "3", "5"), target.list(rows));
            source.sql(
                    "UPDATE " + schema + ".orders SET state = 'done' WHERE id = 1",
                    "UPDATE " + schema + ".orders SET total = 12 WHERE id = 2",
                    "UPDATE " + schema + ".orders SET tags = '{y}', id = 6 WHERE id = 4",
                    "UPDATE " + schema + ".orders SET id = 7 WHERE id = 5",
                    "DELETE FROM " + schema + ".orders WHERE id = 3",
                    "DELETE FROM " + schema + ".orders WHERE id = 2");
            bring(settings);
            assertEquals(List.of("6", "7"), target.list(rows), schema);
            source.sql("UPDATE " + schema + ".orders SET id = 8, state = 'done' WHERE id = 7");
            bring(settings);
            assertEquals(List.of("6"), target.list(rows), schema);
        }
    }

    private void assertRefused(String words, String... settings) {
        CdcException e = assertThrows(CdcException.class, () -> bring(settings));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void aConditionAboutChangesNeedsOldRowsAndSaysSo() {
        source.sql("CREATE TABLE steps (id int PRIMARY KEY, status text)");
        target.sql("CREATE TABLE started (id int PRIMARY KEY, status text, times int)");
        String[] settings = {
            "create=true",
            "table=public.started",
            "version_column=times",
            "where=kind != 'DELETE' && new.status == 'executing' && (old == null || old.status != 'executing')",
        };
        source.sql(
                "INSERT INTO steps VALUES (1, 'pending'), (9, 'executing')",
                "UPDATE steps SET status = 'done' WHERE id = 9");
        CdcException e = assertThrows(CdcException.class, () -> bring(settings));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        source.sql(e.getMessage().replaceAll("(?s).*On the source: (.*?);.*", "$1"));
        captured = new Captured(source, directory.resolve("queue"), true);
        source.sql(
                "INSERT INTO steps VALUES (2, 'executing'), (3, 'executing')",
                "UPDATE steps SET status = 'executing' WHERE id = 1",
                "UPDATE steps SET status = 'executing' WHERE id = 2",
                "UPDATE steps SET status = 'done'",
                "UPDATE steps SET status = 'executing' WHERE id = 3",
                "DELETE FROM steps WHERE id = 2");
        bring(settings);
        assertEquals(
                List.of("1executing1", "2executing1", "3executing2", "9executing1"),
                target.list("SELECT concat(id, status, times) FROM started ORDER BY id"));
    }

    @Test
    void aColumnThatAConditionNamesMustExist() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        CdcException e = assertThrows(CdcException.class, () -> bring("create=true", "where=new.nothing == 1"));
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        assertTrue(e.getMessage().contains("has no column nothing, which the setting where names"), e.getMessage());
        CdcException element = assertThrows(
                CdcException.class,
                () -> bring("mappings[0].schema=public", "mappings[1].table=public.none", "create=true"));
        assertEquals(ErrorCode.TARGET_MISSING, element.code());
        assertTrue(element.getMessage().endsWith(" It is element 2 of mappings."), element.getMessage());
    }

    /** A change that the second mapping refuses has no effect by the first one. */
    @Test
    void aChangeIsTakenByAllMappingsOrByNone() {
        source.sql(
                "CREATE TABLE t (id int PRIMARY KEY, data text)",
                "INSERT INTO t VALUES (1, '{\"a\": 1}'), (2, 'none'), (3, '{}')");
        target.sql("CREATE TABLE one (id int PRIMARY KEY)", "CREATE TABLE two (id int PRIMARY KEY, a int)");
        captured = new Captured(source, directory.resolve("queue"), true);
        bring(
                "create=true",
                "mappings[0].table=public.one",
                "mappings[0].columns=id",
                "mappings[1].table=public.two",
                "mappings[1].columns=id, a=data->>'a'");
        assertEquals(List.of("1", "3"), target.list("SELECT id FROM one ORDER BY id"));
        assertEquals(
                List.of("1|1", "3|"), target.list("SELECT id || '|' || coalesce(a::text, '') FROM two ORDER BY id"));
    }

    /** One element gives each table its own; another one feeds a table that is made of them. */
    @Test
    void aReplicaAndAMappedTableLiveInOneSink() {
        source.sql(
                "CREATE TABLE users (id int PRIMARY KEY, name text)",
                "CREATE TABLE notes (id int PRIMARY KEY, name text)");
        target.sql("CREATE TABLE names (source text, id int, name text, PRIMARY KEY (source, id))");
        String[] settings = {
            "create=true",
            "mappings[0].exclude_tables=public.notes",
            "mappings[1].table=public.names",
            "mappings[1].columns=source=$table, id, name",
            "mappings[1].key=source, id",
        };
        source.sql("INSERT INTO users VALUES (1, 'ada')", "INSERT INTO notes VALUES (1, 'note')");
        bring(settings);
        source.sql("ALTER TABLE users ADD COLUMN age int DEFAULT 7", "UPDATE users SET name = 'eve'", "TRUNCATE notes");
        bring(settings);
        assertEquals(List.of("1eve7"), target.list("SELECT concat(id, name, age) FROM users"));
        assertEquals(List.of("users1eve"), target.list("SELECT concat(source, id, name) FROM names"));
        assertEquals("null", target.ask("SELECT to_regclass('notes')"));
    }

    /** Two mappings hold parts of one table; a row that leaves the one comes by the other in the same change. */
    @Test
    void aRowThatChangesItsMappingStays() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, s text, x text)");
        target.sql("CREATE TABLE parts (id int PRIMARY KEY, a text, b text)");
        String[] settings = {
            "create=true",
            "mappings[0].table=public.parts",
            "mappings[0].columns=id, a=x, b=$table",
            "mappings[0].where=new.s == 'A'",
            "mappings[1].table=public.parts",
            "mappings[1].columns=id, a='', b=x",
            "mappings[1].where=new.s == 'B'",
        };
        source.sql(
                "INSERT INTO t VALUES (1, 'B', 'x'), (2, 'A', 'y')",
                "UPDATE t SET s = 'A' WHERE id = 1",
                "UPDATE t SET s = 'B' WHERE id = 2");
        bring(settings);
        assertEquals(List.of("1|x|t", "2||y"), target.list("SELECT concat_ws('|', id, a, b) FROM parts ORDER BY id"));
    }

    /** A null that changes nothing is no value that was not sent. */
    @Test
    void aRowThatComesInIsWholeEvenIfItsNullsChangeNothing() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, s text, a text, b text)");
        target.sql("CREATE TABLE p (id int PRIMARY KEY, a text, b text)");
        source.sql("INSERT INTO t VALUES (1, 'new', 'x', NULL)", "UPDATE t SET s = 'open' WHERE id = 1");
        bring("create=true", "table=public.p", "columns=id, a, b?=b", "where=new.s == 'open'");
        assertEquals(List.of("1|x"), target.list("SELECT concat_ws('|', id, a, b) FROM p"));
    }

    /** Also rows of a snapshot, of which several make one row. */
    @Test
    void rowsThatExistAreFoldedToo() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, k int, a text, b text)");
        target.sql("CREATE TABLE p (k int PRIMARY KEY, a text, b text)");
        source.sql("INSERT INTO t VALUES (1, 1, 'x', NULL), (2, 1, NULL, 'y'), (3, 1, NULL, NULL)");
        source.sql("SELECT pg_drop_replication_slot('" + source.name() + "_slot')"); // the snapshot makes its own
        captured.withRows(0);
        bring("create=true", "table=public.p", "columns=k, a?=a, b?=b", "key=k");
        assertEquals(List.of("1|x|y"), target.list("SELECT concat_ws('|', k, a, b) FROM p"));
    }

    @Test
    void onlyObjectsAreMerged() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, k int, d jsonb)");
        target.sql("CREATE TABLE p (k int PRIMARY KEY, j jsonb)");
        source.sql(
                "INSERT INTO t VALUES (1, 1, '{\"a\": 1}'), (2, 1, 'null'), (3, 1, NULL), (4, 1, '[1]'), (5, 1, '{\"b\": 2}')");
        captured = new Captured(source, directory.resolve("queue"), true);
        bring("create=true", "table=public.p", "columns=k, j||=d", "key=k");
        assertEquals(List.of("{\"a\": 1, \"b\": 2}"), target.list("SELECT j::text FROM p"));
    }

    /** The order of the elements says nothing of the tables. */
    @Test
    void theElementsMayChangePlaces() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        target.sql("CREATE TABLE p (id int PRIMARY KEY)", "CREATE TABLE q (id int PRIMARY KEY, v text)");
        bring("create=true", "mappings[0].table=public.p", "mappings[0].columns=id", "mappings[1].table=public.q");
        source.sql("ALTER TABLE t ADD w int DEFAULT 7", "INSERT INTO t VALUES (2, 'b')");
        String[] swapped = {
            "create=true",
            "mappings[0].table=public.q",
            "mappings[0].columns=id, v=w",
            "mappings[1].table=public.p",
            "mappings[1].columns=id",
        };
        CdcException e = assertThrows(CdcException.class, () -> bring(swapped));
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code(), "old rows of the mapped table lack the default");
        assertTrue(!e.getMessage().contains("DROP TABLE"), e.getMessage());
        swapped[2] = "mappings[0].columns=id, v";
        bring(swapped);
        assertEquals(List.of("1", "2"), target.list("SELECT id FROM p ORDER BY id"));
        assertEquals(List.of("1a", "2b"), target.list("SELECT id || v FROM q ORDER BY id"));
    }
}
