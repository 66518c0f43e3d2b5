package io.pgcdc.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the catalog says of a table's past. */
class TableHistoryTest {

    private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

    static {
        DEFAULTS.put("int", "5");
        DEFAULTS.put("text", "a \"b\" \\ {,;}");
        DEFAULTS.put("varchar(9)", "");
        DEFAULTS.put("char(4)", "NULL");
        DEFAULTS.put("int[]", "{1,2}");
        DEFAULTS.put("text[]", "{a,\"b \\\"c\"}");
        DEFAULTS.put("box", "(1,1),(0,0)");
        DEFAULTS.put("box[]", "{(1,1),(0,0);(2,2),(0,0)}");
        DEFAULTS.put("point", "(1,2)");
        DEFAULTS.put("jsonb", "{\"a\": [1, \"x\"]}");
        DEFAULTS.put("bytea", "\\x0102");
    }

    @EachPostgres
    void oldRowsValuesAreReadAsTheirTypeWritesThem(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("history");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE plain (id int)");
            statement.execute("CREATE TABLE root (id int) PARTITION BY RANGE (id)");
            statement.execute("CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (10)");
            for (String table : new String[] {"plain", "root"}) {
                int number = 0;
                for (Map.Entry<String, String> column : DEFAULTS.entrySet()) {
                    statement.execute("ALTER TABLE " + table + " ADD COLUMN c" + number++ + " " + column.getKey()
                            + " DEFAULT '" + column.getValue() + "'");
                }
                TableHistory history = read(statement, table);
                number = 1;
                for (Map.Entry<String, String> column : DEFAULTS.entrySet()) {
                    assertEquals(
                            column.getValue(),
                            history.columns().get(number++).facts().missing(),
                            table + " " + column.getKey());
                }
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    @EachPostgres
    void partitionsThatComeAndGoAreNoRewrite(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("history");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE root (id int, v text) PARTITION BY RANGE (id)");
            int none = read(statement, "root").table().storage();
            assertNotEquals(0, none);
            statement.execute("CREATE TABLE leaf1 PARTITION OF root FOR VALUES FROM (0) TO (10)");
            statement.execute("CREATE TABLE leaf2 PARTITION OF root FOR VALUES FROM (10) TO (20)");
            assertEquals(none, read(statement, "root").table().storage(), "made");
            statement.execute("ALTER TABLE root ALTER v TYPE text USING upper(v)");
            int rewritten = read(statement, "root").table().storage();
            assertNotEquals(none, rewritten);
            statement.execute("CREATE TABLE leaf3 PARTITION OF root FOR VALUES FROM (20) TO (30)");
            statement.execute("DROP TABLE leaf1");
            assertEquals(rewritten, read(statement, "root").table().storage(), "the oldest dropped, a new one made");
            statement.execute("ALTER TABLE root ALTER v TYPE text USING lower(v)");
            assertNotEquals(rewritten, read(statement, "root").table().storage());
        } finally {
            server.dropDatabase(database);
        }
    }

    private static TableHistory read(Statement statement, String table) throws SQLException {
        int oid;
        try (ResultSet row = statement.executeQuery("SELECT '" + table + "'::regclass::oid::int")) {
            row.next();
            oid = row.getInt(1);
        }
        return TableHistory.read(statement.getConnection(), oid).orElseThrow();
    }
}
