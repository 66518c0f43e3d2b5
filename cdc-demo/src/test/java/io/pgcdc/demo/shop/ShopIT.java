package io.pgcdc.demo.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The patterns of the shop, with real services, {@code cdc run} with the example's own files, and kills of all of them. */
class ShopIT {

    private static final int VERSION = 18;

    @TempDir
    Path directory;

    private PgServer server;
    private ShopDatabases databases;
    private ShopCustomers customers;
    private ShopBooks books;
    private CdcProcess cdc;

    @BeforeEach
    void open() throws Exception {
        server = PgServer.start(VERSION, ShopDatabases.SERVER_SETTINGS);
        databases = ShopDatabases.create(server);
        customers = new ShopCustomers(databases, 7);
        books = new ShopBooks(databases, true);
        customers.open();
        customers.register(3); // rows that exist before cdc
        String config = ShopFiles.config(Map.of());
        for (Map.Entry<String, String> variable :
                databases.variables(directory.toString(), "127.0.0.1:0").entrySet()) {
            config = config.replace("${env:" + variable.getKey() + "}", variable.getValue());
        }
        Files.writeString(directory.resolve("cdc.yaml"), config);
        cdc = CdcProcess.run(directory);
    }

    @AfterEach
    void close() throws Exception {
        cdc.close();
        books.close();
        customers.close();
        server.close();
    }

    private void cdcIsKilled() {
        cdc.kill();
        cdc = CdcProcess.run(directory);
    }

    private void servicesAreKilled() throws SQLException {
        server.ask(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename IN ('user_service', 'order_service')"
                        + " AND query LIKE '%work()%'");
    }

    private void run(Service service, String sql) throws SQLException {
        try (Connection connection = databases.connect(service);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitQuiet() throws SQLException {
        cdc.await("the services to have nothing to do", books::isQuiet);
        awaitBalance("the day");
    }

    private void awaitBalance(String after) throws SQLException {
        try {
            cdc.await(
                    "the books to balance after " + after,
                    () -> books.check(customers.money()).isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", books.check(customers.money())), e);
        }
    }

    private void aDay(ShopServices services, int wishes, int kills) throws SQLException {
        Random random = new Random(11);
        for (int i = 1; i <= wishes; i++) {
            customers.act();
            if (i * kills / wishes > (i - 1) * kills / wishes) {
                services.requireWorking();
                if (random.nextBoolean()) {
                    servicesAreKilled();
                }
                cdcIsKilled();
            }
        }
    }

    @Test
    void aDayInWhichEverythingIsKilledOnceAndItsModelsAreMadeAnew() throws Exception {
        run(Service.ORDERS, ShopFiles.read("trigger.sql"));
        Map<String, String> captured = Map.of(
                "order_service.orders", "order_id",
                "order_service.gift_cards", "card_id",
                "saga_pattern.saga_steps", "step_id");
        for (Map.Entry<String, String> table : captured.entrySet()) {
            run(
                    Service.ORDERS,
                    "CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON " + table.getKey()
                            + " FOR EACH ROW EXECUTE FUNCTION cdc_pattern.capture_table_changes('" + table.getValue()
                            + "')");
        }
        noLoginEntersTheDatabaseOfAnotherService();
        functionsForThoseWhoDoItThemselves();
        try (ShopServices services = ShopServices.start(databases, Map.of());
                TwoPhaseTransfer transfers = new TwoPhaseTransfer(databases)) {
            cdc.await("the users who were there before", customers::areKnown);
            customers.register(4);
            cdc.await("the users who came later", customers::areKnown);
            aDay(services, 40, 1);
            servicesAreKilled();
            assertTrue(transfers.buy(customers.anyone(), BigDecimal.valueOf(5)));
            assertEquals(false, transfers.buy(customers.anyone(), BigDecimal.valueOf(1_000_000)));
            transfers.beginAndDie(customers.anyone(), BigDecimal.ONE);
            transfers.recover();
            awaitQuiet();
        }
        // the day had all that it should show
        assertTrue(count(Service.ORDERS, "saga_pattern.saga_instances WHERE status = 'completed'") > 0);
        assertTrue(count(Service.ORDERS, "saga_pattern.saga_steps WHERE action_type = 'compensation'") > 0);
        assertEquals(1, count(Service.ORDERS, "two_phase_commit.transactions WHERE status = 'committed'"));
        assertEquals(2, count(Service.ORDERS, "two_phase_commit.transactions WHERE status = 'aborted'"));

        String log = """
                SELECT concat_ws('|', table_name, record_id, row_number() OVER (PARTITION BY table_name, record_id ORDER BY change_id),
                    change_type, old_data, new_data, (SELECT array_agg(f ORDER BY f) FROM unnest(changed_fields) f))
                FROM cdc_pattern.change_logs WHERE table_name IN ('orders', 'gift_cards', 'saga_steps') ORDER BY 1""";
        assertEquals(books.list(Service.ORDERS, log), books.list(Service.REPORTS, log));

        List<String> versions = books.list(
                Service.ORDERS, "SELECT user_id || ' ' || version FROM event_sync.user_snapshots ORDER BY user_id");
        assertEquals(
                books.list(
                        Service.USERS,
                        "SELECT user_id || ' ' || count(*) FROM user_service.user_events"
                                + " WHERE event_type IN ('UserRegistered', 'UserEmailChanged') GROUP BY user_id ORDER BY user_id"),
                versions);

        String tooEarly =
                command(1, "replay", "--sink", "read_models", "--from", "2020-01-01T00:00:00Z", "--reset", "--yes");
        String oldest = tooEarly.replaceAll("(?s).*holds only changes from ([0-9A-F/]+:\\d+) on.*", "$1");
        run(Service.REPORTS, "TRUNCATE eventual_consistency.read_models");
        command(0, "replay", "--sink", "read_models", "--from", oldest, "--reset", "--yes");
        awaitBalance("the replay");
        command(0, "replay", "--sink", "query_models", "--from", oldest, "--reset", "--yes");
        awaitBalance("the replay of models that reference commands");
        run(Service.REPORTS, "TRUNCATE eventual_consistency.read_models");
        command(0, "snapshot", "--table", "eventual_consistency.events", "--to", "read_models");
        awaitBalance("the snapshot");
    }

    private void noLoginEntersTheDatabaseOfAnotherService() throws SQLException {
        String allowed = """
                SELECT string_agg(rolname || ' ' || datname, ', ' ORDER BY rolname, datname) FROM pg_roles, pg_database
                WHERE NOT rolsuper AND rolcanlogin AND datname IN ('users', 'orders', 'reports')
                    AND has_database_privilege(rolname, datname, 'CONNECT')""";
        assertEquals(
                "cdc_from_orders orders, cdc_from_users users, cdc_to_orders orders, cdc_to_reports reports, cdc_to_users users,"
                        + " order_service orders, reporting reports, user_service users",
                server.ask(allowed));
    }

    /** Two functions that cdc makes needless. What they write is rolled back, so that cdc sees none of it. */
    private void functionsForThoseWhoDoItThemselves() throws SQLException {
        try (Connection connection = databases.connect(Service.USERS);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "SELECT event_driven.publish_event('Tried', 'a-' || n, jsonb_build_object('n', n)) FROM generate_series(1, 120) n");
            String taken =
                    "SELECT count(*) || ' ' || min(event_data ->> 'n')::int FROM event_driven.process_pending_events()"
                            + " WHERE event_type = 'Tried'";
            try (ResultSet first = statement.executeQuery(taken)) {
                first.next();
                assertTrue(first.getString(1).matches("\\d+ 1"), first.getString(1));
            }
            try (ResultSet second =
                    statement.executeQuery("SELECT count(*) FROM event_driven.process_pending_events()")) {
                second.next();
                assertTrue(second.getInt(1) >= 20, "those beyond the first hundred");
            }
            try (ResultSet rest = statement.executeQuery("SELECT count(*) FROM event_driven.event_outbox"
                    + " WHERE event_type = 'Tried' AND (status <> 'published' OR published_at IS NULL)")) {
                rest.next();
                assertEquals(0, rest.getInt(1));
            }
            connection.rollback();
        }
        try (Connection connection = databases.connect(Service.ORDERS);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT event_sync.sync_user_to_order_service(77, 'zoe', 'zoe@x'),"
                    + " event_sync.sync_user_to_order_service(77, 'zoe', 'zoe@y')");
            try (ResultSet row = statement.executeQuery(
                    "SELECT concat_ws(' ', username, email, version) FROM event_sync.user_snapshots WHERE user_id = 77")) {
                row.next();
                assertEquals("zoe zoe@y 2", row.getString(1));
            }
            connection.rollback();
        }
    }

    private String command(int exitCode, String name, String... words) {
        List<String> arguments = new ArrayList<>(
                List.of(name, "-c", directory.resolve("cdc.yaml").toString(), "--pipeline", "orders"));
        arguments.addAll(List.of(words));
        try (CdcProcess command = CdcProcess.start(directory, arguments.toArray(String[]::new))) {
            assertEquals(exitCode, command.awaitExit(), command.stderr());
            return command.stderr();
        }
    }

    private int count(Service service, String from) throws SQLException {
        return Integer.parseInt(
                books.list(service, "SELECT count(*) FROM " + from).get(0));
    }

    @Test
    @Tag("soak")
    void manyKillsOfEverything() throws Exception {
        try (ShopServices services = ShopServices.start(databases, Map.of())) {
            cdc.await("the users who were there before", customers::areKnown);
            for (int round = 0; round < 20; round++) {
                customers.register(1);
                cdc.await("the user of this round", customers::areKnown);
                aDay(services, 20, 1);
                servicesAreKilled();
            }
            awaitQuiet();
        }
    }
}
