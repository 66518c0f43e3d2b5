package io.pgcdc.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The events of the shop: first some scenes that show each kind of change once, then everyday business until enough changes have
 * happened. The same seed gives the same events.
 */
final class ShopLife {

    private static final long SEED = 42;

    /** The large values of a row of more than 2 KB are stored out of line. */
    private static final int LARGE_VALUE_BYTES = 2_500;

    private static final int CHANGES_A_TRANSACTION = 50;
    private static final int CHANGES_A_SMALL_TRANSACTION = 3;
    private static final int LONGEST_PAUSE_NANOS = 300_000_000;

    private final Connection connection;
    private final Consumer<String> account;
    private final Random random = new Random(SEED);
    private long changes;
    private long orders;

    /**
     * Creates the events of a shop that {@link Shop#create} created.
     *
     * @param account gets one line per scene
     */
    ShopLife(Connection connection, Consumer<String> account) {
        this.connection = connection;
        this.account = account;
    }

    /** Makes the rows that are there before the capture begins. */
    void open() throws SQLException {
        account.accept("carol and her order are there before cdc");
        connection.setAutoCommit(false);
        execute("INSERT INTO user_service.users (user_id, username, email, password_hash, profile_data)"
                + " VALUES (100, 'carol', 'carol@example.com', '$2a$10$carol', '{\"city\": \"Rome\"}')");
        execute("INSERT INTO order_service.orders (order_id, user_id, order_number, order_status, total_amount)"
                + " VALUES (100, 100, 'C-1', 'paid', 5.00)");
        commit(2);
    }

    /** Returns the number of rows and committed changes, which is the number of output lines. */
    long changes() {
        return changes;
    }

    /** Plays all scenes, then continues until {@code atLeast} changes are committed. */
    void play(long atLeast) throws SQLException {
        connection.setAutoCommit(false);
        signUp();
        order();
        describeHerself();
        changeEmail();
        pay();
        changeKey();
        changeMind();
        savepoint();
        leave();
        message();
        truncate();
        if (changes < atLeast) {
            everyday(atLeast);
        }
    }

    /** Makes at least {@code more} changes of everyday business, in small transactions. */
    void sell(long more) throws SQLException {
        connection.setAutoCommit(false);
        sellUntil(changes + more, CHANGES_A_SMALL_TRANSACTION);
    }

    private void signUp() throws SQLException {
        account.accept("ada and bob sign up in one transaction");
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO user_service.users (username, email, password_hash, profile_data) VALUES (?, ?, ?, ?::jsonb)")) {
            insert.setString(1, "ada");
            insert.setString(2, "ada@example.com");
            insert.setString(3, "$2a$10$ada");
            insert.setString(4, "{\"city\": \"London\"}");
            insert.executeUpdate();
            insert.setString(1, "bob");
            insert.setString(2, "bob@example.com");
            insert.setString(3, "$2a$10$bob");
            insert.setString(4, "{\"city\": \"Paris\"}");
            insert.executeUpdate();
        }
        commit(2);
    }

    private void describeHerself() throws SQLException {
        account.accept("ada writes a long profile: PostgreSQL stores it out of line (TOAST)");
        StringBuilder about = new StringBuilder();
        for (int page = 1; about.length() < LARGE_VALUE_BYTES; page++) {
            about.append("page ").append(page).append(" on the analytical engine; ");
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE user_service.users SET profile_data = profile_data || jsonb_build_object('about', ?)"
                        + " WHERE username = 'ada'")) {
            update.setString(1, about.toString());
            update.executeUpdate();
        }
        commit(1);
    }

    private void order() throws SQLException {
        account.accept("ada orders a book, bob a lamp");
        execute("INSERT INTO order_service.orders (user_id, order_number, order_status, total_amount)"
                + " VALUES (1, 'A-1', 'new', 19.90), (2, 'B-1', 'new', 49.00)");
        commit(2);
    }

    private void changeEmail() throws SQLException {
        account.accept("ada's new email; her large profile is not sent again (JSON: unchanged_toast)");
        execute("UPDATE user_service.users SET email = 'ada@example.org', updated_at = now() WHERE username = 'ada'");
        commit(1);
    }

    private void pay() throws SQLException {
        account.accept("ada pays; orders have REPLICA IDENTITY FULL, so the old value is known");
        execute("UPDATE order_service.orders SET order_status = 'paid' WHERE order_number = 'A-1'");
        commit(1);
    }

    private void changeKey() throws SQLException {
        account.accept("bob gets a new user_id: a key change carries the old key");
        execute("UPDATE user_service.users SET user_id = 1002 WHERE username = 'bob'");
        commit(1);
    }

    private void changeMind() throws SQLException {
        account.accept("eve signs up and rolls back: nothing is sent");
        execute(
                "INSERT INTO user_service.users (username, email, password_hash) VALUES ('eve', 'eve@example.com', 'x')");
        connection.rollback();
    }

    private void savepoint() throws SQLException {
        account.accept("carl signs up, and a savepoint rolls dora back: only carl is sent");
        execute("INSERT INTO user_service.users (username, email, password_hash)"
                + " VALUES ('carl', 'carl@example.com', '$2a$10$carl')");
        Savepoint savepoint = connection.setSavepoint();
        execute("INSERT INTO user_service.users (username, email, password_hash)"
                + " VALUES ('dora', 'dora@example.com', '$2a$10$dora')");
        connection.rollback(savepoint);
        commit(1);
    }

    private void leave() throws SQLException {
        account.accept("bob cancels his order and leaves");
        execute("DELETE FROM order_service.orders WHERE order_number = 'B-1'");
        execute("DELETE FROM user_service.users WHERE username = 'bob'");
        commit(2);
    }

    private void message() throws SQLException {
        account.accept("the shop writes a logical message, which belongs to no table");
        execute("SELECT pg_logical_emit_message(true, 'shop.audit', '{\"event\": \"end of day\"}')");
        commit(1);
    }

    private void truncate() throws SQLException {
        account.accept("the orders are truncated at the end of the day");
        execute("TRUNCATE order_service.orders RESTART IDENTITY");
        commit(1);
    }

    private void everyday(long atLeast) throws SQLException {
        account.accept("everyday business: orders arrive, are paid, and some are cancelled");
        sellUntil(atLeast, CHANGES_A_TRANSACTION);
    }

    private void sellUntil(long atLeast, int changesATransaction) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO order_service.orders (user_id, order_number, order_status, total_amount) VALUES (?, ?, 'new', ?)");
                PreparedStatement pay = connection.prepareStatement(
                        "UPDATE order_service.orders SET order_status = 'paid' WHERE order_number = ?");
                PreparedStatement cancel =
                        connection.prepareStatement("DELETE FROM order_service.orders WHERE order_number = ?")) {
            int inTransaction = 0;
            while (changes + inTransaction < atLeast) {
                long number = ++orders;
                insert.setLong(1, 1 + random.nextInt(1000));
                insert.setString(2, "N-" + number);
                insert.setBigDecimal(3, java.math.BigDecimal.valueOf(random.nextInt(100_000), 2));
                inTransaction += insert.executeUpdate();
                if (number % 2 == 0 && changes + inTransaction < atLeast) {
                    pay.setString(1, "N-" + number);
                    inTransaction += pay.executeUpdate();
                }
                if (number % 5 == 0 && changes + inTransaction < atLeast) {
                    cancel.setString(1, "N-" + (number - 1));
                    inTransaction += cancel.executeUpdate();
                }
                if (inTransaction >= changesATransaction) {
                    commit(inTransaction);
                    inTransaction = 0;
                }
            }
            commit(inTransaction);
        }
    }

    /** Goes on with everyday business, at a pace that one can watch, until told to stop. */
    void goOn(BooleanSupplier stops) throws SQLException {
        account.accept("the shop stays open: orders arrive, are paid, and some are cancelled");
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO order_service.orders (user_id, order_number, order_status, total_amount) VALUES (?, ?, 'new', ?)");
                PreparedStatement pay = connection.prepareStatement(
                        "UPDATE order_service.orders SET order_status = 'paid' WHERE order_number = ?");
                PreparedStatement cancel =
                        connection.prepareStatement("DELETE FROM order_service.orders WHERE order_number = ?");
                PreparedStatement login = connection.prepareStatement(
                        "UPDATE user_service.users SET updated_at = now() WHERE username = 'ada'")) {
            for (long number = 1; !stops.getAsBoolean(); number++) {
                insert.setLong(1, 1 + random.nextInt(1000));
                insert.setString(2, "S-" + number);
                insert.setBigDecimal(3, java.math.BigDecimal.valueOf(random.nextInt(100_000), 2));
                int committed = insert.executeUpdate();
                if (number % 2 == 0) {
                    pay.setString(1, "S-" + number);
                    committed += pay.executeUpdate();
                }
                if (number % 5 == 0) {
                    cancel.setString(1, "S-" + (number - 1));
                    committed += cancel.executeUpdate();
                }
                if (number % 7 == 0) {
                    committed += login.executeUpdate();
                }
                commit(committed);
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void commit(int committed) throws SQLException {
        connection.commit();
        changes += committed;
    }
}
