package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.KeyedChange;
import io.pgcdc.capture.RowKey;
import io.pgcdc.catalog.KeyColumns;
import io.pgcdc.catalog.PublishedTables;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Queries of a snapshot, on a server. */
class ServerChunkSourceTest {

    private static final String REWRITE = "ALTER TABLE t ALTER COLUMN v TYPE text USING v || ''";

    /** A query whose snapshot is older than the rewriting sees no row of the table. */
    @EachPostgres
    void aTableThatIsRewrittenBeforeItsRowsAreReadIsNotEmpty(int version) throws SQLException {
        on(version, (database, statement, source) -> {
            statement.execute("CREATE TABLE t (a int, b text, v text, PRIMARY KEY (b, a))");
            statement.execute("INSERT INTO t SELECT n, 'x', 'v' FROM generate_series(1, 10) n");
            SnapshotTable table = table(statement);
            TableFile file = table.files().get(0);
            RowKey key = keys(source, new ChunkFromKey(table, 0, null, 1)).get(0);
            List<ChunkQuery> queries = List.of(
                    new ChunkRange(table, file, 0, new TidRange(0, TidRange.END)),
                    new ChunkWhole(table),
                    new ChunkKeys(table, Set.of(key)),
                    new ChunkFromKey(table, 0, null, 100));
            for (ChunkQuery query : queries) {
                SourceException e = assertThrows(
                        SourceException.class,
                        () -> source.read(query, new ChunkRows(), seen -> execute(database, REWRITE)),
                        query.toString());
                assertEquals(ErrorCode.SNAPSHOT_TABLE_CHANGED, e.code(), query.toString());
            }
            assertEquals(1, keys(source, new ChunkKeys(table, Set.of(key))).size(), "a later query sees it");
        });
    }

    @EachPostgres
    void chunksInTheOrderOfAKeyHaveEachRowOnce(int version) throws SQLException {
        on(version, (database, statement, source) -> {
            statement.execute("CREATE TABLE t (a int, b text, v text, PRIMARY KEY (b, a))");
            statement.execute("INSERT INTO t SELECT n, 'it''s ' || n % 3, 'v' FROM generate_series(1, 25) n");
            SnapshotTable table = table(statement);
            List<RowKey> all = new ArrayList<>();
            RowKey after = null;
            int chunks = 0;
            do {
                ChunkFromKey chunk = new ChunkFromKey(table, 0, after, 10);
                List<RowKey> keys = keys(source, chunk);
                all.addAll(keys);
                after = chunk.read(keys.size(), keys.isEmpty() ? null : keys.get(keys.size() - 1))
                        .upTo();
                chunks++;
            } while (after != null);
            assertEquals(3, chunks);
            List<String> expected = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT b || ' ' || a FROM t ORDER BY b, a")) {
                while (row.next()) {
                    expected.add(row.getString(1));
                }
            }
            assertEquals(
                    expected,
                    all.stream().map(key -> String.join(" ", key.texts())).toList());
        });
    }

    /** A run that goes on with another order would pass over rows, and read others twice. */
    @EachPostgres
    void theOrderOfAKeyIsKnownAndStaysTheSameUntilTheNextPlan(int version) throws SQLException {
        on(version, (database, statement, source) -> {
            statement.execute("CREATE TABLE t (a int, b text COLLATE \"und-x-icu\", v text, PRIMARY KEY (b, a))");
            statement.execute("INSERT INTO t SELECT 1, v, 'v' FROM unnest('{a,B,c,D}'::text[]) v");
            SnapshotTable planned = table(statement);
            List<RowKey> first = keys(source, new ChunkFromKey(planned, 0, null, 2));
            assertEquals(List.of("a", "B"), firstTexts(first));
            assertEquals(planned.key(), table(statement).key());
            statement.execute("ALTER TABLE t ALTER COLUMN b TYPE text COLLATE \"C\"");
            assertEquals(List.of("c", "D"), firstTexts(keys(source, new ChunkFromKey(planned, 0, first.get(1), 2))));
            assertNotEquals(planned.key(), table(statement).key());
            statement.execute("DROP TABLE t");
            statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
            statement.execute("CREATE TABLE t (a int, b mood, v text, PRIMARY KEY (b, a))");
            String key = table(statement).key();
            statement.execute("ALTER TYPE mood RENAME VALUE 'ok' TO 'well'");
            assertNotEquals(key, table(statement).key());
        });
    }

    /** Each connection is a new process of the server, and a small table with large rows is divided often. */
    @EachPostgres
    void aRangeThatIsTooLargeCostsAConnectionOnlyIfMuchOfItIsLeft(int version) throws SQLException {
        on(version, (database, statement, source) -> {
            statement.execute("CREATE TABLE t (a int, b text, v text, PRIMARY KEY (b, a))");
            statement.execute("INSERT INTO t SELECT n, 'x', repeat('v', 600000) FROM generate_series(1, 2) n");
            SnapshotTable table = table(statement);
            ChunkQuery all = new ChunkRange(table, table.files().get(0), 0, new TidRange(0, TidRange.END));
            assertNull(source.read(all, new ChunkRows(), seen -> {}), "two rows are too large for a chunk");
            String first = newestSession(statement);
            source.emit("after a short rest");
            assertEquals(first, newestSession(statement));
            statement.execute("INSERT INTO t SELECT 3, 'x', repeat('v', 600000)");
            assertNull(source.read(all, new ChunkRows(), seen -> {}));
            source.emit("after a long rest");
            assertNotEquals(first, newestSession(statement));
        });
    }

    private static String newestSession(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid() ORDER BY backend_start DESC LIMIT 1")) {
            row.next();
            return row.getString(1);
        }
    }

    private static List<String> firstTexts(List<RowKey> keys) {
        return keys.stream().map(key -> key.texts().get(0)).toList();
    }

    /** A key's operators may be in any schema, and the search path has only pg_catalog. */
    @EachPostgres
    void rowsAreFoundByKeysOfOwnTypes(int version) throws SQLException {
        on(version, (database, statement, source) -> {
            statement.execute("CREATE SCHEMA \"own types\"");
            statement.execute("SET search_path TO \"own types\", public");
            // a type without operators of pg_catalog, compared without regard to case
            statement.execute("CREATE TYPE label");
            for (String function : List.of("in(cstring) RETURNS label|textin", "out(label) RETURNS cstring|textout")) {
                String[] parts = function.split("[|]", -1);
                statement.execute("CREATE FUNCTION label_" + parts[0] + " LANGUAGE internal IMMUTABLE STRICT AS '"
                        + parts[1] + "'");
            }
            statement.execute("CREATE TYPE label (INPUT = label_in, OUTPUT = label_out, LIKE = text)");
            statement.execute("CREATE CAST (label AS text) WITHOUT FUNCTION");
            statement.execute("CREATE FUNCTION label_order(a label, b label) RETURNS int LANGUAGE sql IMMUTABLE STRICT"
                    + " AS 'SELECT pg_catalog.bttextcmp(upper(a::text), upper(b::text))'");
            for (String operator : List.of("<", "<=", "=", ">=", ">")) {
                String function = "label_" + List.of("<", "<=", "=", ">=", ">").indexOf(operator);
                statement.execute("CREATE FUNCTION " + function + "(a label, b label) RETURNS bool LANGUAGE sql"
                        + " IMMUTABLE STRICT AS 'SELECT \"own types\".label_order(a, b) " + operator + " 0'");
                statement.execute("CREATE OPERATOR " + operator + " (LEFTARG = label, RIGHTARG = label, FUNCTION = "
                        + function + ")");
            }
            statement.execute(
                    "CREATE OPERATOR CLASS label_ops DEFAULT FOR TYPE label USING btree AS OPERATOR 1 <,"
                            + " OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 label_order(label, label)");
            statement.execute("CREATE DOMAIN short AS label");
            statement.execute("CREATE TYPE pair AS (x int, y label)");
            statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
            statement.execute("CREATE TYPE spans AS RANGE (subtype = int)");
            for (String type : List.of(
                    "label|it's",
                    "short|it's",
                    "pair|(1,it's)",
                    "mood|sad",
                    "spans|[1,3)",
                    "label[]|{it's}",
                    "char(5)|it's")) {
                String[] parts = type.split("[|]", -1);
                String value = parts[1].replace("'", "''");
                statement.execute("DROP TABLE IF EXISTS public.t");
                statement.execute(
                        "CREATE TABLE public.t (a " + parts[0] + ", b text COLLATE \"C\", v text, PRIMARY KEY (b, a))");
                statement.execute("INSERT INTO public.t VALUES ('" + value + "', 'x', 'v')");
                SnapshotTable table = table(statement);
                List<RowKey> keys = keys(source, new ChunkWhole(table));
                assertEquals(1, keys.size());
                assertEquals(keys, keys(source, new ChunkKeys(table, Set.copyOf(keys))), type);
            }
        });
    }

    private interface Body {
        void run(Database database, Statement statement, ChunkSource source) throws SQLException;
    }

    private record Database(PgServer server, String name) {}

    private static void on(int version, Body body) throws SQLException {
        PgServer server = PgServer.shared(version);
        String name = server.createDatabase("chunks");
        ServerAddress host = ServerUrl.parse(server.url(name), Map.of(), "postgres");
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                ChunkSource source = new ServerChunkSource(() -> host, 10_000, null, 1 << 20, 1 << 20)) {
            body.run(new Database(server, name), statement, source);
        } finally {
            server.dropDatabase(name);
        }
    }

    private static void execute(Database database, String sql) {
        try (Connection connection = database.server().connect(database.name());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<RowKey> keys(ChunkSource source, ChunkQuery query) {
        ChunkRows rows = new ChunkRows();
        assertNotNull(source.read(query, rows, seen -> {}));
        List<RowKey> keys = new ArrayList<>();
        KeyedChange change = new KeyedChange();
        rows.forEach((buffer, offset, length) -> {
            RowKey key = change.read(buffer, offset, length, 0, query.table().layout())
                    .newKey();
            keys.add(Objects.requireNonNull(key));
        });
        return keys;
    }

    private static SnapshotTable table(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT 'public.t'::regclass::oid::bigint")) {
            row.next();
            int oid = (int) row.getLong(1);
            Relation layout = new Relation(
                    0,
                    oid,
                    "public",
                    "t",
                    ReplicaIdentity.DEFAULT,
                    List.of(column("a", 23), column("b", 25), column("v", 25)),
                    List.of(1, 0),
                    List.of(new Membership("p", true, true, true, true, null, null, false)));
            return new SnapshotTable(
                    layout,
                    PublishedTables.files(statement.getConnection(), oid),
                    KeyColumns.read(statement.getConnection(), oid, SnapshotTable.keyNames(layout)));
        }
    }

    private static Column column(String name, int type) {
        return new Column(name, PgType.base(type, "text"), -1, !name.equals("v"));
    }
}
