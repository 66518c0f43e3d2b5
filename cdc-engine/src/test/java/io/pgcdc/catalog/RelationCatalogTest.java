package io.pgcdc.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Membership;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A table's places in publications; the server's own view decides. */
class RelationCatalogTest {

    private static final List<String> TABLES = List.of(
            "CREATE SCHEMA shop",
            "CREATE TABLE plain (id int PRIMARY KEY, v text)",
            "CREATE TABLE shop.goods (id int PRIMARY KEY, price int)",
            "CREATE TABLE root (id int, k int) PARTITION BY RANGE (id)",
            "CREATE TABLE branch PARTITION OF root FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id)",
            "CREATE TABLE leaf PARTITION OF branch FOR VALUES FROM (0) TO (50)",
            "CREATE TABLE shop.far_leaf PARTITION OF branch FOR VALUES FROM (50) TO (100)",
            "CREATE TABLE parent (id int)",
            "CREATE TABLE child () INHERITS (parent)",
            "CREATE VIEW seen AS SELECT 1 AS one");

    private static final List<String> PUBLICATIONS = List.of(
            "CREATE PUBLICATION a_all FOR ALL TABLES",
            "CREATE PUBLICATION b_all_root FOR ALL TABLES WITH (publish_via_partition_root)",
            "CREATE PUBLICATION c_plain FOR TABLE plain, shop.goods WITH (publish = 'insert, delete')",
            "CREATE PUBLICATION d_root FOR TABLE root",
            "CREATE PUBLICATION e_root_root FOR TABLE root, leaf WITH (publish_via_partition_root)",
            "CREATE PUBLICATION f_branch FOR TABLE branch WITH (publish_via_partition_root)",
            "CREATE PUBLICATION g_leaf FOR TABLE leaf",
            "CREATE PUBLICATION h_parent FOR TABLE parent",
            "CREATE PUBLICATION i_only FOR TABLE ONLY parent",
            "CREATE PUBLICATION j_empty");

    private static final List<String> PUBLICATIONS_SINCE_15 = List.of(
            "CREATE PUBLICATION k_schema FOR TABLES IN SCHEMA shop",
            "CREATE PUBLICATION l_schema_root FOR TABLES IN SCHEMA public WITH (publish_via_partition_root)",
            "CREATE PUBLICATION m_filter FOR TABLE plain (id) WHERE (id > 5), leaf WHERE (id < 9)",
            "CREATE PUBLICATION n_filter_root FOR TABLE root (k, id) WHERE (k > 0) WITH (publish_via_partition_root)",
            "CREATE PUBLICATION o_both FOR TABLE plain WHERE (id > 7), TABLES IN SCHEMA shop, public");

    @EachPostgres
    void membershipsAreThoseOfThePublicationTablesView(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("publications");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            List<String> setup = new ArrayList<>(TABLES);
            setup.addAll(PUBLICATIONS);
            if (version >= 15) {
                setup.addAll(PUBLICATIONS_SINCE_15);
            }
            for (String sql : setup) {
                statement.execute(sql);
            }
            List<String> all = new ArrayList<>();
            try (ResultSet names = statement.executeQuery("SELECT pubname FROM pg_publication")) {
                while (names.next()) {
                    all.add(names.getString(1));
                }
            }
            int found = 0;
            for (String table : List.of(
                    "public.plain",
                    "shop.goods",
                    "public.root",
                    "public.branch",
                    "public.leaf",
                    "shop.far_leaf",
                    "public.parent",
                    "public.child",
                    "public.seen")) {
                List<String> expected = view(connection, table, version);
                assertEquals(expected, read(connection, table, all), table);
                found += expected.size();
            }
            assertTrue(found > 15, found + " memberships");
        } finally {
            server.dropDatabase(database);
        }
    }

    private static List<String> read(Connection connection, String table, List<String> publications)
            throws SQLException {
        int oid;
        try (PreparedStatement statement = connection.prepareStatement("SELECT ?::regclass::oid::int")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                assertTrue(row.next());
                oid = row.getInt(1);
            }
        }
        List<String> lines = new ArrayList<>();
        for (Membership m : RelationCatalog.read(connection, oid, publications).memberships()) {
            lines.add(m.publication() + " " + m.insert() + m.update() + m.delete() + m.truncate() + m.viaRoot() + " "
                    + m.rowFilter() + " " + m.columns());
        }
        return lines;
    }

    /** The view cannot tell a list of all columns from none; no table here has such a list. */
    private static List<String> view(Connection connection, String table, int version) throws SQLException {
        String sql = "SELECT p.pubname, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot, "
                + (version >= 15
                        ? "t.rowfilter, CASE WHEN (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = ?::regclass"
                                + " AND a.attnum > 0 AND NOT a.attisdropped) > cardinality(t.attnames)"
                                + " OR p.pubname = 'n_filter_root' THEN t.attnames::text[] END"
                        : "NULL::text, CASE WHEN ?::regclass IS NULL THEN NULL::text[] END")
                + " FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname"
                + " WHERE t.schemaname || '.' || t.tablename = ? ORDER BY p.pubname";
        List<String> lines = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    var columns = row.getArray(8);
                    lines.add(row.getString(1) + " " + row.getBoolean(2) + row.getBoolean(3) + row.getBoolean(4)
                            + row.getBoolean(5) + row.getBoolean(6) + " " + row.getString(7) + " "
                            + (columns == null ? null : List.of((Object[]) columns.getArray())));
                }
            }
        }
        return lines;
    }
}
