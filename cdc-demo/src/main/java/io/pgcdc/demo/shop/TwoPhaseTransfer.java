package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The coordinator of a two-phase commit: a user pays for a gift card, with one transaction in the database of each service. Its tables are in
 * database {@code orders}. It can be stopped at any moment; {@link #recover} ends what it had begun. For one thread.
 */
public final class TwoPhaseTransfer implements AutoCloseable {

    private static final List<Service> PARTICIPANTS = List.of(Service.USERS, Service.ORDERS);

    private final Connection coordinator;
    private final List<Connection> sessions = new ArrayList<>();

    /** Opens a session for the coordinator and for each participant. */
    public TwoPhaseTransfer(ShopDatabases databases) throws SQLException {
        coordinator = databases.connect(Service.ORDERS);
        for (Service service : PARTICIPANTS) {
            sessions.add(databases.connect(service));
        }
    }

    /**
     * Buys a gift card.
     *
     * @return true if it was committed in both databases; false if a service refused, and it was aborted in both
     */
    public boolean buy(long user, BigDecimal amount) throws SQLException {
        UUID id = begin(user, amount);
        boolean prepared = true;
        for (int i = 0; i < PARTICIPANTS.size() && prepared; i++) {
            prepared = prepare(i, id, user, amount);
            note(id, i, "prepare_status", prepared ? "prepared" : "failed");
        }
        // the decision; from here on it is carried out, however often that must be tried
        status(id, prepared ? "committing" : "aborting");
        finish(id, prepared);
        return prepared;
    }

    /** Begins a transfer and prepares it, but decides nothing, like a coordinator that dies. */
    public void beginAndDie(long user, BigDecimal amount) throws SQLException {
        UUID id = begin(user, amount);
        for (int i = 0; i < PARTICIPANTS.size(); i++) {
            prepare(i, id, user, amount);
        }
    }

    private UUID begin(long user, BigDecimal amount) throws SQLException {
        UUID id = UUID.randomUUID();
        try (PreparedStatement insert = coordinator.prepareStatement(
                "INSERT INTO two_phase_commit.transactions (transaction_id, status, participants)"
                        + " VALUES (?, 'preparing', jsonb_build_object('services', ?::text[], 'user_id', ?, 'amount', ?))")) {
            insert.setObject(1, id);
            insert.setArray(
                    2,
                    coordinator.createArrayOf(
                            "text", PARTICIPANTS.stream().map(Service::role).toArray()));
            insert.setLong(3, user);
            insert.setBigDecimal(4, amount);
            insert.executeUpdate();
        }
        try (PreparedStatement insert = coordinator.prepareStatement(
                "INSERT INTO two_phase_commit.participants (transaction_id, service_name, prepare_status, commit_status)"
                        + " VALUES (?, ?, 'pending', 'pending')")) {
            for (Service service : PARTICIPANTS) {
                insert.setObject(1, id);
                insert.setString(2, service.role());
                insert.executeUpdate();
            }
        }
        return id;
    }

    private boolean prepare(int participant, UUID id, long user, BigDecimal amount) throws SQLException {
        Connection session = sessions.get(participant);
        String function = PARTICIPANTS.get(participant) == Service.USERS
                ? "user_service.withdraw(?, ?)"
                : "order_service.issue_gift_card(?, ?)";
        session.setAutoCommit(false);
        try (PreparedStatement call = session.prepareStatement("SELECT " + function);
                Statement prepare = session.createStatement()) {
            call.setLong(1, user);
            call.setBigDecimal(2, amount);
            call.execute();
            prepare.execute("PREPARE TRANSACTION '" + name(id, participant) + "'");
            return true;
        } catch (SQLException e) {
            session.rollback();
            return false;
        } finally {
            session.setAutoCommit(true);
        }
    }

    /** Returns the name of a prepared transaction. It is one server's, not one database's: each participant needs its own. */
    private static String name(UUID id, int participant) {
        return PARTICIPANTS.get(participant).database() + "-" + id;
    }

    /** Commits or rolls back what is prepared. Repeats nothing: a participant that has ended is left out. */
    private void finish(UUID id, boolean commits) throws SQLException {
        for (int i = 0; i < PARTICIPANTS.size(); i++) {
            Connection session = sessions.get(i);
            if (isPrepared(session, name(id, i))) {
                try (Statement statement = session.createStatement()) {
                    statement.execute((commits ? "COMMIT" : "ROLLBACK") + " PREPARED '" + name(id, i) + "'");
                }
            }
            note(id, i, "commit_status", commits ? "committed" : "failed");
        }
        status(id, commits ? "committed" : "aborted");
    }

    private static boolean isPrepared(Connection session, String name) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(
                "SELECT FROM pg_prepared_xacts WHERE gid = ? AND database = current_database()")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    private void note(UUID id, int participant, String column, String value) throws SQLException {
        try (PreparedStatement update = coordinator.prepareStatement("UPDATE two_phase_commit.participants SET "
                + column + " = ? WHERE transaction_id = ? AND service_name = ?")) {
            update.setString(1, value);
            update.setObject(2, id);
            update.setString(3, PARTICIPANTS.get(participant).role());
            update.executeUpdate();
        }
    }

    private void status(UUID id, String status) throws SQLException {
        try (PreparedStatement update = coordinator.prepareStatement(
                "UPDATE two_phase_commit.transactions SET status = ?, updated_at = CURRENT_TIMESTAMP WHERE transaction_id = ?")) {
            update.setString(1, status);
            update.setObject(2, id);
            update.executeUpdate();
        }
    }

    /** Ends the transactions that a coordinator left: commits those that were decided, and aborts the others. */
    public void recover() throws SQLException {
        List<UUID> committing = new ArrayList<>();
        List<UUID> others = new ArrayList<>();
        try (Statement query = coordinator.createStatement();
                ResultSet rows = query.executeQuery("SELECT transaction_id, status FROM two_phase_commit.transactions"
                        + " WHERE status NOT IN ('committed', 'aborted')")) {
            while (rows.next()) {
                (rows.getString(2).equals("committing") ? committing : others).add(rows.getObject(1, UUID.class));
            }
        }
        for (UUID id : committing) {
            finish(id, true);
        }
        for (UUID id : others) {
            status(id, "aborting");
            finish(id, false);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection session : sessions) {
            session.close();
        }
        coordinator.close();
    }
}
