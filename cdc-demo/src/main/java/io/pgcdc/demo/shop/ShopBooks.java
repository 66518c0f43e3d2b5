package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that the databases agree, once nothing is on its way any more. Opens sessions of its own. For one thread. */
public final class ShopBooks implements AutoCloseable {

    private final Map<Service, Connection> sessions = new EnumMap<>(Service.class);
    private final List<String> wrong = new ArrayList<>();
    private final boolean marked;

    /**
     * Opens a session in each database.
     *
     * @param marked true if events that have arrived are marked as published
     */
    public ShopBooks(ShopDatabases databases, boolean marked) throws SQLException {
        this.marked = marked;
        for (Service service : Service.values()) {
            Connection connection = databases.connect(service);
            sessions.put(service, connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone = 'UTC'"); // as cdc has it: times in JSON are the same text
            }
        }
    }

    /** Returns true if no command, event or saga waits or is on its way. */
    public boolean isQuiet() throws SQLException {
        return arrived(Service.USERS, Service.ORDERS)
                && arrived(Service.ORDERS, Service.USERS)
                && list(
                                Service.ORDERS,
                                "SELECT 1 FROM cqrs_pattern.commands WHERE status IN ('pending', 'processing')"
                                        + " UNION ALL SELECT 1 FROM saga_pattern.saga_instances WHERE status NOT IN ('completed', 'failed')")
                        .isEmpty();
    }

    /** Returns true if all events of one service were processed by the other. */
    private boolean arrived(Service from, Service to) throws SQLException {
        String pending = "SELECT 1 FROM event_driven.%s WHERE status = 'pending'";
        List<String> sent = list(from, "SELECT count(*) FROM event_driven.event_outbox");
        List<String> received =
                list(to, "SELECT count(*) FROM event_driven.event_inbox WHERE source_service = '" + from.role() + "'");
        return sent.equals(received)
                && list(to, pending.formatted("event_inbox")).isEmpty()
                && (!marked || list(from, pending.formatted("event_outbox")).isEmpty());
    }

    /**
     * Returns what does not agree, in words; empty if everything does.
     *
     * @param money all that the users had when they registered
     */
    public List<String> check(String money) throws SQLException {
        wrong.clear();
        same("money is conserved", List.of(money), List.of(money()));
        same(
                "credit is held for the orders that were shipped, and for no others",
                list(
                        Service.USERS,
                        "SELECT concat_ws(' ', order_number, amount) FROM user_service.reservations WHERE state = 'held'"),
                list(
                        Service.ORDERS,
                        "SELECT concat_ws(' ', order_number, total_amount) FROM order_service.orders WHERE order_status = 'shipped'"));
        same(
                "an order has one status in all databases",
                list(Service.ORDERS, "SELECT concat_ws(' ', order_number, order_status) FROM order_service.orders"),
                list(
                        Service.REPORTS,
                        "SELECT concat_ws(' ', aggregate_id, model_data ->> 'status') FROM eventual_consistency.read_models"));
        same(
                "a read model is the sum of its events",
                list(Service.ORDERS, """
                        SELECT concat_ws(' ', aggregate_type, aggregate_id, jsonb_object_agg(k, v ORDER BY event_version), max(event_version))
                        FROM eventual_consistency.events, jsonb_each(event_data) e (k, v) GROUP BY aggregate_type, aggregate_id"""),
                list(
                        Service.REPORTS,
                        "SELECT concat_ws(' ', aggregate_type, aggregate_id, model_data, last_event_version) FROM eventual_consistency.read_models"));
        same(
                "a query model is the sum of its commands",
                list(Service.ORDERS, """
                        SELECT concat_ws(' ', aggregate_id, jsonb_object_agg(k, v ORDER BY command_id), max(command_id))
                        FROM cqrs_pattern.commands, jsonb_each(command_data) e (k, v) WHERE status = 'completed' GROUP BY aggregate_id"""),
                list(
                        Service.REPORTS,
                        "SELECT concat_ws(' ', aggregate_id, model_data, last_command_id) FROM cqrs_pattern.query_models"));
        same(
                "the order service knows the users",
                list(Service.USERS, "SELECT concat_ws(' ', user_id, username, email) FROM user_service.users"),
                list(Service.ORDERS, "SELECT concat_ws(' ', user_id, username, email) FROM event_sync.user_snapshots"));
        history();
        messages();
        sagas();
        transfers();
        changeLogs();
        return List.copyOf(wrong);
    }

    /** Returns all money: balances, credit that is held, and gift cards. */
    private String money() throws SQLException {
        String users = list(
                        Service.USERS,
                        "SELECT coalesce((SELECT sum(balance) FROM user_service.accounts), 0)"
                                + " + coalesce((SELECT sum(amount) FROM user_service.reservations WHERE state = 'held'), 0)")
                .get(0);
        String cards = list(Service.ORDERS, "SELECT coalesce(sum(amount), 0) FROM order_service.gift_cards")
                .get(0);
        return new java.math.BigDecimal(users)
                .add(new java.math.BigDecimal(cards))
                .toPlainString();
    }

    private void history() throws SQLException {
        List<String> events = new ArrayList<>(
                list(
                        Service.USERS,
                        "SELECT concat_ws(' ', 'user_service', event_id, user_id, event_type, event_data, occurred_at) FROM user_service.user_events"));
        events.addAll(
                list(
                        Service.ORDERS,
                        "SELECT concat_ws(' ', 'order_service', event_id, order_id, event_type, event_data, occurred_at) FROM order_service.order_events"));
        same(
                "the reports have the events of both services",
                events,
                list(
                        Service.REPORTS,
                        "SELECT concat_ws(' ', service, event_id, subject, event_type, event_data, occurred_at) FROM event_sync.history"));
    }

    private void messages() throws SQLException {
        // the record in Kafka has the commit's time
        String sent = "SELECT concat_ws(' ', event_id, event_type, aggregate_id, event_data"
                + (marked ? ", created_at, status" : "") + ") FROM event_driven.event_outbox";
        String received = "SELECT concat_ws(' ', source_event_id, event_type, aggregate_id, event_data"
                + (marked ? ", occurred_at, 'published'" : "")
                + ") FROM event_driven.event_inbox WHERE source_service = ";
        same("each event arrived once", list(Service.USERS, sent), list(Service.ORDERS, received + "'user_service'"));
        same("each event arrived once", list(Service.ORDERS, sent), list(Service.USERS, received + "'order_service'"));
    }

    private void sagas() throws SQLException {
        List<String> begun = new ArrayList<>(list(
                Service.ORDERS,
                "SELECT concat_ws(' ', step_id, service_name, step_name) FROM saga_pattern.saga_steps"));
        List<String> arrived = new ArrayList<>();
        for (Service service : List.of(Service.USERS, Service.ORDERS)) {
            arrived.addAll(list(
                    service,
                    "SELECT concat_ws(' ', source_event_id, '" + service.role()
                            + "', event_type) FROM event_driven.event_inbox WHERE source_service = 'order_saga'"));
        }
        same("each step of a saga was begun once", begun, arrived);
        same("a saga that failed is undone, the last step first", List.of(), list(Service.ORDERS, """
                        SELECT i.saga_id::text FROM saga_pattern.saga_instances i JOIN saga_pattern.saga_steps s USING (saga_id)
                        WHERE i.status = 'failed' AND s.action_type = 'action' AND s.status NOT IN ('failed', 'compensated')
                        UNION ALL SELECT a.saga_id::text FROM saga_pattern.saga_steps a JOIN saga_pattern.saga_steps b USING (saga_id)
                        WHERE a.action_type = 'compensation' AND b.action_type = 'compensation'
                            AND a.step_order > b.step_order AND a.step_id > b.step_id"""));
    }

    private void transfers() throws SQLException {
        same(
                "a transfer is in both databases or in none",
                list(
                        Service.ORDERS,
                        "SELECT concat_ws(' ', participants ->> 'user_id', (participants ->> 'amount')::numeric(12,2))"
                                + " FROM two_phase_commit.transactions WHERE status = 'committed'"),
                list(Service.ORDERS, "SELECT concat_ws(' ', user_id, amount) FROM order_service.gift_cards"));
        same(
                "the change log has each transfer once",
                list(Service.ORDERS, "SELECT concat_ws(' ', card_id, user_id, amount) FROM order_service.gift_cards"),
                list(
                        Service.REPORTS,
                        "SELECT concat_ws(' ', new_data ->> 'card_id', new_data ->> 'user_id', new_data ->> 'amount')"
                                + " FROM cdc_pattern.change_logs WHERE table_name = 'gift_cards'"));
    }

    private void changeLogs() throws SQLException {
        String replayed = """
                SELECT new_data::text FROM (
                    SELECT DISTINCT ON (record_id) record_id, change_type, new_data FROM cdc_pattern.change_logs
                    WHERE table_name = '%s' ORDER BY record_id, change_id DESC) last
                WHERE change_type <> 'DELETE'""";
        Map<String, Service> tables = Map.of(
                "user_service.users", Service.USERS,
                "user_service.accounts", Service.USERS,
                "user_service.reservations", Service.USERS,
                "order_service.orders", Service.ORDERS,
                "order_service.gift_cards", Service.ORDERS,
                "saga_pattern.saga_steps", Service.ORDERS);
        for (Map.Entry<String, Service> table : tables.entrySet()) {
            String name = table.getKey().substring(table.getKey().indexOf('.') + 1);
            same(
                    "the changes of " + name + " come to its rows",
                    list(
                            table.getValue(),
                            "SELECT (to_jsonb(t) - 'password_hash')::text FROM " + table.getKey() + " t"),
                    list(Service.REPORTS, replayed.formatted(name)));
        }
    }

    private void same(String what, List<String> expected, List<String> found) {
        Set<String> missing = new HashSet<>(expected);
        found.forEach(missing::remove);
        Set<String> more = new HashSet<>(found);
        expected.forEach(more::remove);
        if (!missing.isEmpty() || !more.isEmpty() || expected.size() != found.size()) {
            wrong.add("not so: " + what + "; missing " + missing + ", too many " + more + ", " + expected.size()
                    + " and " + found.size());
        }
    }

    /** Returns the first column of a query's rows. */
    List<String> list(Service service, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        Connection connection = sessions.get(service);
        if (connection == null) {
            throw new IllegalStateException("no session");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(String.valueOf(row.getString(1)));
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : sessions.values()) {
            connection.close();
        }
    }
}
