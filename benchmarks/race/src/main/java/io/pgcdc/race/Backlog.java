package io.pgcdc.race;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A workload in the server's WAL, behind two slots that stand still: one before it, one at its end. Each reading gets a copy of one,
 * so that all read the same WAL.
 */
final class Backlog {

    /** One row in it ends each backlog, and is read like the rest. */
    static final String FINISH_TABLE = "finish";

    private static final String PUBLICATION = "race_pub";
    private static final String FULL_SLOT = "race_full";
    private static final String EMPTY_SLOT = "race_empty";
    private static final String LAP_SLOT = "race_lap";

    private final RaceServer server;
    private final int changes;
    private final String endLsn;
    private int laps;

    private Backlog(RaceServer server, int changes, String endLsn) {
        this.server = server;
        this.changes = changes;
        this.endLsn = endLsn;
    }

    static Backlog write(RaceServer server, Workload workload, double scale) throws SQLException {
        int count = workload.count(scale);
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            prepare(statement, workload.tables());
            createSlot(statement, FULL_SLOT);
            statement.execute("SET synchronous_commit TO off");
            statement.execute(workload.changes(count));
            statement.execute("SET synchronous_commit TO on");
            createSlot(statement, EMPTY_SLOT);
            statement.execute("INSERT INTO race." + FINISH_TABLE + " VALUES (1)");
            return new Backlog(server, count, text(statement, "SELECT pg_current_wal_flush_lsn()"));
        }
    }

    /** Empty tables and a publication of them. */
    static void prepare(Statement statement, String tables) throws SQLException {
        dropSlots(statement);
        dropTables(statement);
        statement.execute("CREATE SCHEMA race");
        statement.execute("CREATE TABLE race." + FINISH_TABLE + " (id int PRIMARY KEY)");
        statement.execute(tables);
        // of these alone: a given server may have others, which would be read too, or could no longer be updated
        String list = text(
                statement,
                "SELECT string_agg(format('race.%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'race'");
        statement.execute("CREATE PUBLICATION " + PUBLICATION + " FOR TABLE " + list);
        statement.execute("CHECKPOINT");
    }

    /** Leaves nothing behind on a server that others use, too. */
    static void dropAll(RaceServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            dropSlots(statement);
            dropTables(statement);
        }
    }

    private static void dropTables(Statement statement) throws SQLException {
        statement.execute("DROP PUBLICATION IF EXISTS " + PUBLICATION);
        statement.execute("DROP SCHEMA IF EXISTS race CASCADE");
    }

    /** A slot of its own for a reader of what comes from now on. */
    static Lap startHere(RaceServer server, Statement statement) throws SQLException {
        dropSlots(statement);
        createSlot(statement, LAP_SLOT);
        return new Lap(server, LAP_SLOT, PUBLICATION, "");
    }

    /** Inserts, updates and deletes, without the row that ends it. */
    int changes() {
        return changes;
    }

    /**
     * A reading, for which the slot of the one before goes.
     *
     * @param full from the beginning; else only the last row, which tells what starting and stopping take
     */
    Lap lap(boolean full) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            drop(statement, LAP_SLOT + laps);
            laps++;
            return copy(statement, full, LAP_SLOT + laps);
        }
    }

    /** The same, whose slot stays. */
    Lap keptLap(boolean full) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            return copy(statement, full, full ? FULL_SLOT + "_kept" : EMPTY_SLOT + "_kept");
        }
    }

    private Lap copy(Statement statement, boolean full, String slot) throws SQLException {
        statement.execute(
                "SELECT pg_copy_logical_replication_slot('" + (full ? FULL_SLOT : EMPTY_SLOT) + "', '" + slot + "')");
        // a write in the middle of somebody's reading would be paid for by that one
        statement.execute("CHECKPOINT");
        return new Lap(server, slot, PUBLICATION, endLsn);
    }

    private static void createSlot(Statement statement, String name) throws SQLException {
        statement.execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    }

    private static void dropSlots(Statement statement) throws SQLException {
        drop(statement, "race\\_%");
    }

    /** Once its reader has let go of it; the server waits for that. */
    private static void drop(Statement statement, String pattern) throws SQLException {
        statement.execute("DO $$ BEGIN FOR i IN 1..200 LOOP EXIT WHEN NOT EXISTS (SELECT FROM pg_replication_slots"
                + " WHERE slot_name LIKE '" + pattern
                + "' AND database = current_database() AND active); PERFORM pg_sleep(0.05); END LOOP; END $$");
        statement.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database() AND"
                        + " slot_name LIKE '" + pattern + "'");
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
