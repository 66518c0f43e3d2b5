package io.pgcdc.race;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The server's process that feeds a slot's reader, watched for as long as it lives. */
final class Walsender implements AutoCloseable {

    private final boolean local;
    private final Connection connection;
    private final String slot;
    private long pid;
    private boolean watched;
    private double cpuSeconds;

    Walsender(RaceServer server, String slot) throws SQLException {
        this.local = server.isLocal();
        this.connection = server.connect();
        this.slot = slot;
    }

    /** Looks once. */
    void sample() {
        if (!local) {
            return;
        }
        if (pid == 0) {
            pid = find();
            // behind a forwarded port the number would be some other process's, or nobody's
            watched = pid != 0 && Proc.isWalsender(pid);
        }
        if (watched) {
            cpuSeconds = Math.max(cpuSeconds, Proc.cpuSeconds(pid));
        }
    }

    /** Whether it reads by now. */
    boolean isThere() {
        return find() != 0;
    }

    /** As of the last look at it. */
    double cpuSeconds() {
        return cpuSeconds;
    }

    private long find() {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT active_pid FROM pg_replication_slots WHERE slot_name = ?")) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
