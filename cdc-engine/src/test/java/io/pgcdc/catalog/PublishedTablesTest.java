package io.pgcdc.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.decode.PgOutput;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tables of publications; the server's own stream decides. */
class PublishedTablesTest {

    private static final List<String> PUBLICATIONS =
            List.of("all_leaves", "all_roots", "leaves", "root", "branch", "branch_leaves", "leaf", "leaf_root");

    private static final List<String> SETUP = List.of(
            "CREATE TABLE plain (id int PRIMARY KEY)",
            "CREATE TABLE root (id int) PARTITION BY RANGE (id)",
            "CREATE TABLE branch PARTITION OF root FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id)",
            "CREATE TABLE leaf PARTITION OF branch FOR VALUES FROM (0) TO (50)",
            "CREATE TABLE far_leaf PARTITION OF branch FOR VALUES FROM (50) TO (100)",
            "CREATE TABLE near_root PARTITION OF root FOR VALUES FROM (100) TO (200)",
            "CREATE TABLE parent (id int)",
            "CREATE TABLE child () INHERITS (parent)",
            "CREATE PUBLICATION all_leaves FOR ALL TABLES",
            "CREATE PUBLICATION all_roots FOR ALL TABLES WITH (publish_via_partition_root)",
            "CREATE PUBLICATION leaves FOR TABLE root, parent",
            "CREATE PUBLICATION root FOR TABLE root, leaf WITH (publish_via_partition_root)",
            "CREATE PUBLICATION branch FOR TABLE branch WITH (publish_via_partition_root)",
            "CREATE PUBLICATION branch_leaves FOR TABLE branch",
            "CREATE PUBLICATION leaf FOR TABLE leaf, plain",
            "CREATE PUBLICATION leaf_root FOR TABLE leaf, ONLY parent WITH (publish_via_partition_root)",
            "SELECT pg_create_logical_replication_slot('oracle', 'pgoutput')",
            "INSERT INTO plain VALUES (1)",
            "INSERT INTO root VALUES (10), (60), (110)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)");

    /** A table is listed if the stream has rows under its name. So no row is read under two names. */
    @EachPostgres
    void tablesAreThoseThatTheStreamNames(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("published");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : SETUP) {
                statement.execute(sql);
            }
            for (Set<String> some : upToThree()) {
                Set<Integer> listed = PublishedTables.tables(connection, List.copyOf(some)).stream()
                        .map(PublishedTables.PublishedTable::oid)
                        .collect(Collectors.toSet());
                assertTrue(!listed.isEmpty(), some::toString);
                assertEquals(streamed(connection, some), listed, some::toString);
            }
            statement.execute("SELECT pg_drop_replication_slot('oracle')");
        } finally {
            server.dropDatabase(database);
        }
    }

    private static Set<Set<String>> upToThree() {
        Set<Set<String>> all = new HashSet<>();
        for (String one : PUBLICATIONS) {
            for (String two : PUBLICATIONS) {
                for (String three : PUBLICATIONS) {
                    all.add(new TreeSet<>(List.of(one, two, three)));
                }
            }
        }
        return all;
    }

    /** Returns the oids of the tables of which the stream has rows. */
    private static Set<Integer> streamed(Connection connection, Set<String> publications) throws SQLException {
        Set<Integer> tables = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT data FROM pg_logical_slot_peek_binary_changes('oracle', NULL, NULL, 'proto_version', '1',"
                        + " 'publication_names', ?)")) {
            statement.setString(1, String.join(",", publications));
            try (ResultSet messages = statement.executeQuery()) {
                while (messages.next()) {
                    ByteBuffer message = ByteBuffer.wrap(messages.getBytes(1));
                    if (message.get() == PgOutput.INSERT) {
                        tables.add(message.getInt());
                    }
                }
            }
        }
        return tables;
    }
}
