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
import java.util.Random;

/** What customers do. The same seed gives the same wishes. For one thread. */
public final class ShopCustomers implements AutoCloseable {

    /** What the shop sells, its price, and how many pieces it has. The shop has no unicorns. */
    private enum Item {
        LAMP(40, 1_000),
        BOOK(12, 1_000),
        CHAIR(75, 6),
        PIANO(900, 1),
        UNICORN(5, 0);

        private final int price;
        private final int pieces;

        Item(int price, int pieces) {
            this.price = price;
            this.pieces = pieces;
        }
    }

    private static final List<String> NAMES = List.of(
            "ada", "bob", "carol", "dave", "eve", "frank", "grace", "heidi", "ivan", "judy", "mallory", "niaj",
            "olivia", "peggy");

    private final Connection users;
    private final Connection orders;
    private final Random random;
    private final List<Long> known = new ArrayList<>();
    private BigDecimal money = BigDecimal.ZERO.setScale(2);
    private int ordered;

    public ShopCustomers(ShopDatabases databases, long seed) throws SQLException {
        users = databases.connect(Service.USERS);
        orders = databases.connect(Service.ORDERS);
        random = new Random(seed);
    }

    /** Puts goods on the shelves. */
    public void open() throws SQLException {
        try (PreparedStatement insert = orders.prepareStatement("INSERT INTO order_service.stock VALUES (?, ?)")) {
            for (Item item : Item.values()) {
                if (item != Item.UNICORN) {
                    insert.setString(1, item.name());
                    insert.setInt(2, item.pieces);
                    insert.executeUpdate();
                }
            }
        }
    }

    /** Registers users. Returns how many there are. */
    public int register(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            int number = known.size();
            String name = NAMES.get(number % NAMES.size()) + (number < NAMES.size() ? "" : number / NAMES.size());
            BigDecimal balance =
                    BigDecimal.valueOf(50L + 50L * random.nextInt(7)).setScale(2);
            try (PreparedStatement call = users.prepareStatement("SELECT user_service.register(?, ?, ?)")) {
                call.setString(1, name);
                call.setString(2, name + "@example.com");
                call.setBigDecimal(3, balance);
                try (ResultSet row = call.executeQuery()) {
                    row.next();
                    known.add(row.getLong(1));
                }
            }
            money = money.add(balance);
        }
        return known.size();
    }

    /** Returns all that the users had when they registered. */
    public String money() {
        return money.toPlainString();
    }

    /** Returns a user of the shop. */
    public long anyone() {
        return known.get(random.nextInt(known.size()));
    }

    /** Waits until the order service knows the users that have registered. */
    public boolean areKnown() throws SQLException {
        try (Statement statement = orders.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM event_sync.user_snapshots")) {
            row.next();
            return row.getInt(1) == known.size();
        }
    }

    /** Does one thing: mostly orders something, sometimes writes a note to an order or gets another e-mail address. */
    public void act() throws SQLException {
        int wish = random.nextInt(10);
        if (wish == 0 && ordered > 0) {
            command("AddNote", "N-" + (1 + random.nextInt(ordered)), "{\"note\": \"ring twice\"}");
        } else if (wish == 1) {
            long user = anyone();
            try (PreparedStatement call = users.prepareStatement("SELECT user_service.change_email(?, ?)")) {
                call.setLong(1, user);
                call.setString(2, "u" + user + "-" + random.nextInt(1_000_000) + "@example.org");
                call.execute();
            }
        } else {
            Item item = random.nextInt(3) == 0
                    ? Item.values()[random.nextInt(Item.values().length)]
                    : Item.values()[random.nextInt(2)];
            order(random.nextInt(25) == 0 ? 1_000_000 : anyone(), item);
        }
    }

    private void order(long user, Item item) throws SQLException {
        ordered++;
        command(
                "PlaceOrder",
                "N-" + ordered,
                "{\"user_id\": " + user + ", \"item\": \"" + item.name() + "\", \"amount\": " + item.price + "}");
    }

    private void command(String type, String order, String data) throws SQLException {
        try (PreparedStatement insert = orders.prepareStatement(
                "INSERT INTO cqrs_pattern.commands (command_type, aggregate_id, command_data, status) VALUES (?, ?, ?::jsonb, 'pending')")) {
            insert.setString(1, type);
            insert.setString(2, order);
            insert.setString(3, data);
            insert.executeUpdate();
        }
    }

    /** Returns how many orders the customers wrote. */
    public int ordered() {
        return ordered;
    }

    @Override
    public void close() throws SQLException {
        users.close();
        orders.close();
    }
}
