package io.pgcdc.demo.shop;

import io.pgcdc.servers.PgServer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The databases of the services, on one server: {@code users}, {@code orders} and {@code reports}. Any thread. */
public final class ShopDatabases {

    /** What the server needs beyond its defaults: a two-phase commit prepares transactions. */
    public static final Map<String, String> SERVER_SETTINGS = Map.of("max_prepared_transactions", "20");

    /** A service's database. Its login has the service's name. */
    public enum Service {
        USERS("users", "user_service"),
        ORDERS("orders", "order_service"),
        REPORTS("reports", "reporting");

        private final String database;
        private final String role;

        Service(String database, String role) {
            this.database = database;
            this.role = role;
        }

        /** Returns the name of the database. */
        public String database() {
            return database;
        }

        /** Returns the login that owns it. */
        public String role() {
            return role;
        }
    }

    private final PgServer server;
    private final String password;

    private ShopDatabases(PgServer server, String password) {
        this.server = server;
        this.password = password;
    }

    /**
     * Creates roles, databases and tables on a server that has none of them.
     *
     * @param server has {@link #SERVER_SETTINGS}
     */
    public static ShopDatabases create(PgServer server) throws SQLException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        ShopDatabases shop = new ShopDatabases(server, HexFormat.of().formatHex(random));
        try (Connection connection = server.connect("postgres")) {
            // one by one: CREATE DATABASE cannot be part of a transaction
            for (String sql :
                    statements(ShopFiles.read("roles.sql").replace(":'password'", "'" + shop.password + "'"))) {
                execute(connection, sql);
            }
        }
        for (Service service : Service.values()) {
            try (Connection connection = shop.connect(service)) {
                if (service != Service.REPORTS) {
                    execute(connection, ShopFiles.read("messaging.sql"));
                }
                execute(connection, ShopFiles.read(service.database() + ".sql"));
            }
        }
        return shop;
    }

    /** Returns the statements of a file in which no semicolon stands inside one. */
    private static List<String> statements(String sql) {
        return List.of(sql.replaceAll("(?m)--.*$", "").split(";")).stream()
                .filter(statement -> !statement.isBlank())
                .toList();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns a session of a service in its own database. */
    public Connection connect(Service service) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", service.role());
        login.setProperty("password", password);
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.port() + "/" + service.database(), login);
    }

    /**
     * Returns the variables that {@code cdc.yaml} names.
     *
     * @param queues the directory of the queues
     * @param http where the console is served
     */
    public Map<String, String> variables(String queues, String http) {
        return Map.of(
                "SHOP_SERVER", "localhost:" + server.port(),
                "SHOP_PASSWORD", password,
                "SHOP_QUEUES", queues,
                "SHOP_HTTP", http);
    }
}
