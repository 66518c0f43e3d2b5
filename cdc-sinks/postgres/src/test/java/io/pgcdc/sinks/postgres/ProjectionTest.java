package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that the patterns of services know, kept by configuration alone. */
class ProjectionTest {

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

    private void bring(String... settings) {
        Sink sink = target.sink(new ProjectionSinkProvider(), settings);
        new Captured(source, directory.resolve("queue")).bringTo(Map.of("projection", sink));
    }

    @Test
    void userSnapshots() {
        source.sql("CREATE SCHEMA user_service", """
                CREATE TABLE user_service.users (user_id BIGSERIAL PRIMARY KEY, username VARCHAR(50) NOT NULL UNIQUE,
                    email VARCHAR(100) NOT NULL UNIQUE, password_hash TEXT NOT NULL, profile_data JSONB)""");
        target.sql("CREATE SCHEMA event_sync", """
                CREATE TABLE event_sync.user_snapshots (user_id BIGINT PRIMARY KEY, username VARCHAR(50) NOT NULL,
                    email VARCHAR(100) NOT NULL, last_synced_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch', version INTEGER NOT NULL DEFAULT 1)""");
        source.sql(
                "INSERT INTO user_service.users VALUES (1, 'ada', 'ada@x', 'h'), (2, 'bob', 'bob@x', 'h'), (3, 'eve', 'eve@x', 'h')",
                "UPDATE user_service.users SET email = 'ada@y' WHERE user_id = 1",
                "UPDATE user_service.users SET email = 'ada@z' WHERE user_id = 1",
                "DELETE FROM user_service.users WHERE user_id = 3");
        String[] settings = {
            "create=true",
            "table=event_sync.user_snapshots",
            "columns=user_id, username, email",
            "version_column=version",
            "synced_column=last_synced_at"
        };
        bring(settings);
        String rows =
                "SELECT concat_ws('|', user_id, username, email, version) FROM event_sync.user_snapshots ORDER BY user_id";
        assertEquals(List.of("1|ada|ada@z|3", "2|bob|bob@x|1"), target.list(rows));
        assertEquals(
                "t",
                target.ask("SELECT min(last_synced_at) > now() - interval '1 hour' FROM event_sync.user_snapshots"));

        source.sql(
                "UPDATE user_service.users SET username = 'bobby' WHERE user_id = 2",
                "UPDATE user_service.users SET user_id = 7 WHERE user_id = 1",
                "BEGIN; DELETE FROM user_service.users WHERE user_id = 2;"
                        + " INSERT INTO user_service.users VALUES (2, 'bert', 'bert@x', 'h'); COMMIT");
        bring(settings);
        assertEquals(List.of("2|bert|bert@x|1", "7|ada|ada@z|4"), target.list(rows));

        source.sql("TRUNCATE user_service.users");
        bring(settings);
        assertEquals(List.of(), target.list(rows));
    }

    @Test
    void readModelsTakeOnlyNewerEvents() {
        source.sql("CREATE SCHEMA eventual_consistency", """
                CREATE TABLE eventual_consistency.events (event_id BIGSERIAL PRIMARY KEY, event_type VARCHAR(100) NOT NULL,
                    aggregate_id VARCHAR(200) NOT NULL, aggregate_type VARCHAR(100) NOT NULL, event_data JSONB NOT NULL,
                    event_version INTEGER NOT NULL, occurred_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP)""");
        target.sql("CREATE SCHEMA eventual_consistency", """
                CREATE TABLE eventual_consistency.read_models (model_id BIGSERIAL PRIMARY KEY, aggregate_id VARCHAR(200) NOT NULL,
                    aggregate_type VARCHAR(100) NOT NULL, model_data JSONB NOT NULL, last_event_version INTEGER NOT NULL,
                    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP, UNIQUE (aggregate_id, aggregate_type))""");
        String insert =
                "INSERT INTO eventual_consistency.events (event_type, aggregate_id, aggregate_type, event_data, event_version) VALUES ";
        String[] settings = {
            "create=true",
            "table=eventual_consistency.read_models",
            "columns=aggregate_id, aggregate_type, model_data=event_data, last_event_version=event_version",
            "key=aggregate_id, aggregate_type",
            "newer_by=last_event_version",
            "synced_column=updated_at",
            "on_delete=ignore"
        };
        source.sql(
                insert + "('made', 'o-1', 'order', '{\"n\": 1}', 1)",
                "BEGIN; " + insert
                        + "('paid', 'o-1', 'order', '{\"n\": 10}', 10), ('late', 'o-1', 'order', '{\"n\": 9}', 9),"
                        + " ('made', 'o-1', 'cart', '{\"n\": 1}', 1); COMMIT");
        bring(settings);
        source.sql(
                insert + "('late', 'o-1', 'order', '{\"n\": 2}', 2), ('again', 'o-1', 'cart', '{\"n\": 2}', 2)",
                "DELETE FROM eventual_consistency.events WHERE event_version = 10");
        bring(settings);
        assertEquals(
                List.of("o-1|cart|{\"n\": 2}|2", "o-1|order|{\"n\": 10}|10"),
                target.list("SELECT concat_ws('|', aggregate_id, aggregate_type, model_data, last_event_version)"
                        + " FROM eventual_consistency.read_models ORDER BY aggregate_type"));
    }

    /** Within one batch, and in a later one. */
    @Test
    void anEqualVersionCanReplaceARow() {
        source.sql("CREATE TABLE e (id int PRIMARY KEY, a text, n int, v int)");
        target.sql("CREATE TABLE m (a text PRIMARY KEY, n int, v int)");
        String[] settings = {
            "create=true",
            "table=public.m",
            "columns=a, n, v",
            "key=a",
            "newer_by=v",
            "newer_or_equal=true",
            "on_delete=ignore"
        };
        source.sql("BEGIN; INSERT INTO e VALUES (1, 'x', 1, 1), (2, 'x', 2, 2), (3, 'x', 3, 2), (4, 'x', 4, 1),"
                + " (5, 'y', 1, 1); COMMIT");
        bring(settings);
        assertEquals(List.of("(x,3,2)", "(y,1,1)"), target.list("SELECT m FROM m ORDER BY a"));
        source.sql("INSERT INTO e VALUES (6, 'x', 6, 2), (7, 'y', 7, 0)");
        bring(settings);
        assertEquals(List.of("(x,6,2)", "(y,1,1)"), target.list("SELECT m FROM m ORDER BY a"));
    }

    @Test
    void queryModelsHaveConstantsAndTheWholeRow() {
        source.sql("CREATE SCHEMA cqrs_pattern", """
                CREATE TABLE cqrs_pattern.commands (command_id BIGSERIAL PRIMARY KEY, command_type VARCHAR(100) NOT NULL,
                    aggregate_id VARCHAR(200) NOT NULL, command_data JSONB NOT NULL, status VARCHAR(20) NOT NULL)""");
        source.sql("CREATE TABLE carts (id text PRIMARY KEY, total numeric(8,2), tags text[])");
        target.sql("CREATE SCHEMA cqrs_pattern", """
                CREATE TABLE cqrs_pattern.query_models (model_id BIGSERIAL PRIMARY KEY, aggregate_id VARCHAR(200) NOT NULL UNIQUE,
                    model_type VARCHAR(100) NOT NULL, model_data JSONB NOT NULL, last_command_id BIGINT,
                    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP)""");
        source.sql(
                "INSERT INTO carts VALUES ('c1', 1.50, '{a,b}'), ('c2', 2, '{}')",
                "UPDATE carts SET total = 3 WHERE id = 'c1'",
                "DELETE FROM carts WHERE id = 'c2'");
        bring(
                "create=true",
                "table=cqrs_pattern.query_models",
                "columns=aggregate_id=id, model_type='the shop''s cart', model_data=$row",
                "key=aggregate_id",
                "synced_column=updated_at");
        assertEquals(
                List.of("c1|the shop's cart|{\"id\": \"c1\", \"tags\": [\"a\", \"b\"], \"total\": 3.00}"),
                target.list(
                        "SELECT concat_ws('|', aggregate_id, model_type, model_data) FROM cqrs_pattern.query_models"));
    }

    @Test
    void rowsOfASnapshotLeaveEqualRowsAsTheyAre() {
        target.sql("CREATE SCHEMA kit", "CREATE TABLE kit.items (id text PRIMARY KEY, v text, doc json, version int)");
        try (Sink sink = target.open(new ProjectionSinkProvider(), "create=true", "version_column=version")) {
            sink.write(new TestChanges(1).insert("1", "a").insert("2", "b").batch());
            sink.write(new TestChanges(2)
                    .read("1", "a")
                    .read("2", "bb")
                    .read("3", "c")
                    .batch());
            sink.write(
                    new TestChanges(2).insert("4", "d").batch()); // the transaction that commits at the snapshot's LSN
            sink.flush();
        }
        assertEquals(
                List.of("1|a|1", "2|bb|2", "3|c|1", "4|d|1"),
                target.list("SELECT concat_ws('|', id, v, version) FROM kit.items ORDER BY id"));
    }

    /** Such a row is read again, whole. Outside of a snapshot it is missing for good. */
    @Test
    void anUpdateOfAnUnknownRowIsPassedOverWhileASnapshotIsRead() {
        target.sql("CREATE SCHEMA kit", "CREATE TABLE kit.items (id text PRIMARY KEY, v text, version int)");
        try (Sink sink = target.open(new ProjectionSinkProvider(), "create=true", "version_column=version")) {
            sink.write(UpdateWithoutToast.of(new TestChanges(1).insert("1", "x").batch(), true));
            sink.flush();
            assertEquals(List.of(), target.list("SELECT id FROM kit.items"));
            sink.write(new TestChanges(2).read("1", "a").batch());
            sink.write(UpdateWithoutToast.of(new TestChanges(3).insert("1", "x").batch(), true));
            sink.flush();
            assertEquals(List.of("1|a|2"), target.list("SELECT concat_ws('|', id, v, version) FROM kit.items"));
            CdcException missing = assertThrows(
                    CdcException.class,
                    () -> sink.write(UpdateWithoutToast.of(
                            new TestChanges(4).insert("2", "x").batch(), false)));
            assertEquals(ErrorCode.CHANGE_REFUSED, missing.code());
        }
    }

    @Test
    void softDeletesKeepTheRow() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)");
        target.sql("CREATE TABLE t (id int PRIMARY KEY, v text, deleted_at timestamptz, n int)");
        source.sql(
                "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')",
                "DELETE FROM t WHERE id = 1",
                "UPDATE t SET v = 'bb' WHERE id = 2",
                "DELETE FROM t WHERE id = 2",
                "DELETE FROM t WHERE id = 3",
                "INSERT INTO t VALUES (3, 'cc')");
        String[] settings = {
            "create=true", "table=public.t", "on_delete=soft", "deleted_column=deleted_at", "version_column=n"
        };
        bring(settings);
        String rows = "SELECT concat_ws('|', id, v, deleted_at IS NULL, n) FROM t ORDER BY id";
        assertEquals(List.of("1|a|f|2", "2|bb|f|3", "3|cc|t|3"), target.list(rows));
        source.sql("TRUNCATE t");
        bring(settings);
        assertEquals(List.of("1|a|f|2", "2|bb|f|3", "3|cc|f|4"), target.list(rows));
    }

    @Test
    void aKeyThatWasSoftlyDeletedCanComeBackByAnUpdate() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)");
        target.sql("CREATE TABLE t (id int PRIMARY KEY, v text, gone boolean)");
        source.sql(
                "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
                "DELETE FROM t WHERE id = 1",
                "UPDATE t SET id = 1 WHERE id = 2");
        bring("create=true", "table=public.t", "on_delete=soft", "deleted_column=gone");
        assertEquals(List.of("(1,b,f)"), target.list("SELECT t FROM t"));
    }

    @Test
    void keysThatReadDifferentlyAndAreEqualAreOne() {
        source.sql("CREATE TABLE t (id numeric PRIMARY KEY, v text)");
        target.sql("CREATE TABLE t (id numeric PRIMARY KEY, v text)");
        source.sql("BEGIN; INSERT INTO t VALUES (1.0, 'a'); DELETE FROM t; INSERT INTO t VALUES (1.00, 'b'); COMMIT");
        bring("create=true");
        assertEquals(List.of("b"), target.list("SELECT v FROM t"));
    }

    /** The target's collation says that two texts are one key; so does an index of its own collation. */
    @Test
    void aRowUnderANondeterministicCollationIsNotLost() {
        String collation = "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";
        source.sql(collation, "CREATE TABLE t (id text COLLATE ci PRIMARY KEY, v text)");
        source.sql("CREATE TABLE u (id text PRIMARY KEY, v text)");
        target.sql(collation, "CREATE TABLE t (id text COLLATE ci PRIMARY KEY, v text)");
        target.sql("CREATE TABLE u (id text NOT NULL, v text)", "CREATE UNIQUE INDEX ON u (id COLLATE ci)");
        for (String table : List.of("t", "u")) {
            source.sql("INSERT INTO " + table + " VALUES ('abc', '1'), ('x', '2')");
        }
        bring("create=true");
        for (String table : List.of("t", "u")) {
            source.sql("BEGIN; DELETE FROM " + table + " WHERE id = 'abc'; INSERT INTO " + table
                    + " VALUES ('ABC', '3'); UPDATE " + table + " SET id = 'X', v = '4' WHERE id = 'x'; COMMIT");
        }
        bring("create=true");
        for (String table : List.of("t", "u")) {
            assertEquals(
                    source.list("SELECT id || v FROM " + table + " ORDER BY v"),
                    target.list("SELECT id || v FROM " + table + " ORDER BY v"),
                    table);
        }
    }

    /** A key that is written in another way and is the same one keeps what only the target has. */
    @Test
    void aKeyThatOnlyReadsDifferentlyKeepsItsRow() {
        source.sql("CREATE TABLE t (id numeric PRIMARY KEY, v text)", "INSERT INTO t VALUES (1.0, 'a')");
        target.sql("CREATE TABLE t (id numeric PRIMARY KEY, v text, note text DEFAULT 'mine')");
        bring("table=public.t", "columns=id, v", "key=id", "on_delete=ignore", "create=true");
        target.sql("UPDATE t SET note = 'kept'");
        source.sql("UPDATE t SET id = 1.00");
        bring("table=public.t", "columns=id, v", "key=id", "on_delete=ignore", "create=true");
        assertEquals(List.of("1.00 kept"), target.list("SELECT id || ' ' || note FROM t"));
    }

    @Test
    void nothingIsCutOff() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'abcdef')");
        for (String type : List.of("varchar(3)", "char(3)", "short", "numeric(3,1)")) {
            target.sql(
                    "DROP TABLE IF EXISTS t",
                    "DROP DOMAIN IF EXISTS short",
                    "CREATE DOMAIN short AS varchar(3)",
                    "CREATE TABLE t (id int PRIMARY KEY, v " + type + ")");
            CdcException e = assertThrows(CdcException.class, () -> bring("create=true"));
            assertEquals(ErrorCode.CHANGE_REFUSED, e.code(), type);
            assertEquals("0", target.ask("SELECT count(*) FROM t"));
        }
    }

    @Test
    void whatCannotBeToldIsRefusedByName() {
        source.sql(
                "CREATE TABLE keyless (v text)",
                "CREATE TABLE events (id int PRIMARY KEY, aggregate text, v int)",
                "INSERT INTO events VALUES (1, 'a', 1)");
        target.sql("CREATE TABLE models (aggregate text PRIMARY KEY, v int)");
        String[] settings = {"create=true", "table=public.models", "columns=aggregate, v", "key=aggregate"};
        bring(settings);
        source.sql("UPDATE events SET v = 2");
        CdcException update = assertThrows(CdcException.class, () -> bring(settings));
        assertTrue(update.getMessage().contains("REPLICA IDENTITY FULL"), update.getMessage());
        CdcException column = assertThrows(
                CdcException.class, () -> bring("create=true", "table=public.models", "columns=aggregate, v=nothing"));
        assertEquals(ErrorCode.TARGET_MISFIT, column.code());
        CdcException newer = assertThrows(
                CdcException.class,
                () -> bring("create=true", "table=public.models", "newer_by=x", "key=v", "on_delete=ignore"));
        assertEquals(ErrorCode.TARGET_MISFIT, newer.code());
    }

    /** The target is the source: another schema is kept, and what is written there is not taken for the source's. */
    @Test
    void aReplicaBesideItsSourceDoesNotFeedItself() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)");
        for (int run = 1; run <= 3; run++) {
            source.sql("INSERT INTO t VALUES (" + run + ", 'v')");
            Sink sink = source.sink(new ProjectionSinkProvider(), "create=true", "schema=beside");
            new Captured(source, directory.resolve("queue")).bringTo(Map.of("projection", sink));
            assertEquals(ReplicaTest.checksum(source, "t"), ReplicaTest.checksum(source, "beside.t"));
        }
        Sink itself = source.sink(new ProjectionSinkProvider(), "create=true");
        source.sql("INSERT INTO t VALUES (9, 'v')");
        CdcException e = assertThrows(
                CdcException.class,
                () -> new Captured(source, directory.resolve("queue")).bringTo(Map.of("other", itself)));
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        assertTrue(e.getMessage().contains("into that table itself"), e.getMessage());
    }

    /** Two databases that follow each other: what came from the other one is not sent back. */
    @Test
    void twoDatabasesFollowEachOther() {
        target.sql("CREATE PUBLICATION captured FOR TABLES IN SCHEMA public");
        source.sql("DROP PUBLICATION captured", "CREATE PUBLICATION captured FOR TABLES IN SCHEMA public");
        for (TargetDatabase side : List.of(source, target)) {
            side.sql("CREATE TABLE t (id int PRIMARY KEY, v text)");
        }
        ReplicaTest.slot(target);
        source.sql("INSERT INTO t VALUES (1, 'a')");
        target.sql("INSERT INTO t VALUES (2, 'b')");
        for (int round = 0; round < 2; round++) {
            Sink there = target.sinkOf("there", new ProjectionSinkProvider(), "create=true", "origin=require");
            new Captured(source, directory.resolve("there")).localOnly().bringTo(Map.of("there", there));
            Sink back = source.sinkOf("back", new ProjectionSinkProvider(), "create=true", "origin=require");
            new Captured(target, directory.resolve("back")).localOnly().bringTo(Map.of("back", back));
            source.sql("UPDATE t SET v = v || '+' WHERE id = 1");
            target.sql("UPDATE t SET v = v || '-' WHERE id = 2");
        }
        assertEquals(List.of("(1,a++)", "(2,b-)"), source.list("SELECT t FROM t ORDER BY id"));
        assertEquals(List.of("(1,a+)", "(2,b--)"), target.list("SELECT t FROM t ORDER BY id"));
    }

    /** Each side sees what the other one brought, by its replication origin, and does not send it back. */
    @Test
    void whatIsWrittenCarriesAnOrigin() {
        source.sql("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        target.sql(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "SELECT pg_create_logical_replication_slot('" + target.name() + "_look', 'test_decoding')");
        bring("create=true", "origin=require");
        assertEquals("a", target.ask("SELECT v FROM t"));
        target.sql("INSERT INTO t VALUES (2, 'own')");
        // test_decoding leaves out what has an origin when it is asked to
        List<String> own = target.list("SELECT data FROM pg_logical_slot_get_changes('" + target.name()
                + "_look', NULL, NULL, 'only-local', 'true', 'include-xids', 'false')");
        assertTrue(own.stream().anyMatch(line -> line.contains("'own'")), own.toString());
        assertTrue(own.stream().noneMatch(line -> line.contains("'a'")), own.toString());
    }
}
