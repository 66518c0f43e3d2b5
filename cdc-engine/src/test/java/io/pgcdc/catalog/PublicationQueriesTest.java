package io.pgcdc.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.TableName;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** Judged by what the server itself does: an UPDATE that it refuses. */
class PublicationQueriesTest {

    private static List<TableName> tables(String... names) {
        return Stream.of(names).map(name -> new TableName("public", name)).toList();
    }

    @EachPostgres
    void tablesThatAPublicationWouldBreak(int version) throws SQLException {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("harm");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE keyed (id int PRIMARY KEY); CREATE TABLE keyless (id int);"
                            + " CREATE TABLE whole (id int); ALTER TABLE whole REPLICA IDENTITY FULL;"
                            + " CREATE TABLE nothing (id int PRIMARY KEY); ALTER TABLE nothing REPLICA IDENTITY NOTHING;"
                            + " CREATE TABLE late (id int PRIMARY KEY DEFERRABLE);"
                            + " CREATE TABLE indexed (id int NOT NULL); CREATE UNIQUE INDEX i ON indexed (id);"
                            + " ALTER TABLE indexed REPLICA IDENTITY USING INDEX i;"
                            + " CREATE UNLOGGED TABLE unlogged (id int);"
                            + " CREATE TABLE root (id int) PARTITION BY LIST (id); CREATE TABLE leaf PARTITION OF root DEFAULT");
            List<String> all =
                    List.of("keyed", "keyless", "whole", "nothing", "late", "indexed", "unlogged", "root", "leaf");
            List<TableName> found = PublicationQueries.withoutIdentity(connection, List.of());
            assertEquals(tables("keyless", "late", "leaf", "nothing"), found);
            assertEquals(tables("leaf"), PublicationQueries.withoutIdentity(connection, tables("keyed", "root")));
            statement.execute("CREATE PUBLICATION everything FOR ALL TABLES");
            for (String table : all) {
                statement.execute("INSERT INTO " + table + " VALUES (1)");
            }
            assertEquals(
                    List.of("keyless", "nothing", "late", "leaf"),
                    all.stream()
                            .filter(table -> !table.equals("root")) // its leaf is meant
                            .filter(table -> isRefused(statement, "UPDATE " + table + " SET id = 2"))
                            .toList());
        } finally {
            server.dropDatabase(database);
        }
    }

    private static boolean isRefused(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return false;
        } catch (SQLException e) {
            return true;
        }
    }

    @EachPostgres
    void whatPublicationsLack(int version) throws SQLException {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("lacking");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);"
                    + " CREATE TABLE root (id int) PARTITION BY LIST (id); CREATE TABLE leaf PARTITION OF root DEFAULT;"
                    + " CREATE SCHEMA s; CREATE TABLE s.t (id int); CREATE PUBLICATION none;"
                    + " CREATE PUBLICATION part FOR TABLE a, root; CREATE PUBLICATION every FOR ALL TABLES");
            List<TableName> asked = List.of(
                    new TableName("public", "a"),
                    new TableName("public", "b"),
                    new TableName("public", "leaf"),
                    new TableName("public", "absent"),
                    new TableName("s", "t"));
            assertEquals(List.of("public.absent", "public.b", "s.t"), notPublished(connection, asked, List.of("part")));
            assertEquals(List.of(), notPublished(connection, asked, List.of("part", "every")));
            assertEquals(List.of("none"), PublicationQueries.empty(connection, List.of("part", "every", "none")));
            if (version >= 15) {
                statement.execute("CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA s");
                assertEquals(
                        List.of("public.absent", "public.b"),
                        notPublished(connection, asked, List.of("part", "of_schema")));
                assertEquals(List.of(), PublicationQueries.empty(connection, List.of("of_schema")));
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    private static List<String> notPublished(Connection connection, List<TableName> tables, List<String> publications)
            throws SQLException {
        return PublicationQueries.notPublished(connection, tables, publications).stream()
                .map(TableName::toString)
                .toList();
    }
}
