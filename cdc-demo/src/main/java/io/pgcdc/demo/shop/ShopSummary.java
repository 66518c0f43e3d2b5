package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what happened in the shop: what was sold, what was taken back, and how far behind each service was. */
final class ShopSummary {

    private final ShopBooks books;
    private final List<String> lines = new ArrayList<>();

    private ShopSummary(ShopBooks books) {
        this.books = books;
    }

    /** Returns the lines, at most 79 characters each. */
    static List<String> of(ShopBooks books) throws SQLException {
        ShopSummary summary = new ShopSummary(books);
        summary.business();
        summary.delays();
        return summary.lines;
    }

    private void business() throws SQLException {
        line(
                "sold",
                one(
                        Service.ORDERS,
                        "SELECT format('%s orders for %s', count(*), coalesce(sum(total_amount), 0)) FROM order_service.orders"
                                + " WHERE order_status = 'shipped'"));
        line(
                "taken back",
                one(
                        Service.ORDERS,
                        "SELECT format('%s orders; what was done is undone, the last step first', count(*))"
                                + " FROM saga_pattern.saga_instances WHERE status = 'failed'"));
        for (String reason : books.list(Service.ORDERS, """
                SELECT format('%s x %s; %s undone', count(*), reason, CASE undone WHEN 0 THEN 'nothing' WHEN 1 THEN '1 step'
                    ELSE undone || ' steps' END)
                FROM (SELECT regexp_replace(i.error_message, '^(the shop does not sell ).*|^.*( is sold out)$', '\\1\\2') AS reason,
                        (SELECT count(*) FROM saga_pattern.saga_steps s WHERE s.saga_id = i.saga_id AND s.action_type = 'compensation')
                            AS undone
                    FROM saga_pattern.saga_instances i WHERE i.status = 'failed') r
                GROUP BY reason, undone ORDER BY count(*) DESC, reason""")) {
            line(
                    "",
                    "  "
                            + reason.replace("the shop does not sell ;", "not sold here;")
                                    .replace(" x  is", " x"));
        }
        line(
                "refused",
                one(
                        Service.ORDERS,
                        "SELECT format('%s x a user whom the order service does not know', count(*)) FROM cqrs_pattern.commands"
                                + " WHERE status = 'failed' AND command_type = 'PlaceOrder'"));
        line(
                "gift cards",
                one(
                        Service.ORDERS,
                        "SELECT format('%s by two-phase commits over two databases; %s more were aborted',"
                                + " count(*) FILTER (WHERE status = 'committed'), count(*) FILTER (WHERE status = 'aborted'))"
                                + " FROM two_phase_commit.transactions"));
        line(
                "written down",
                one(
                        Service.REPORTS,
                        "SELECT format('%s changes in change_logs, %s events', (SELECT count(*) FROM cdc_pattern.change_logs),"
                                + " (SELECT count(*) FROM event_sync.history))"));
    }

    private void delays() throws SQLException {
        lines.add("");
        lines.add("  delays                                         median   longest");
        String inbox = "event_driven.event_inbox WHERE source_service = ";
        delay("user service, steps of sagas", Service.USERS, "created_at", "occurred_at", inbox + "'order_saga'");
        delay(
                "order service, answers",
                Service.ORDERS,
                "created_at",
                "occurred_at",
                inbox + "'user_service' AND event_type LIKE 'Step%'");
        delay(
                "reports, models of orders",
                Service.REPORTS,
                "m.updated_at",
                "c.processed_at",
                "cqrs_pattern.query_models m JOIN cqrs_pattern.commands c ON c.command_id = m.last_command_id");
    }

    private void delay(String who, Service service, String arrived, String happened, String rows) throws SQLException {
        String found = one(service, """
                SELECT coalesce(round(percentile_cont(0.5) WITHIN GROUP (ORDER BY lag)) || '|' || round(max(lag)), '')
                FROM (SELECT extract(epoch FROM %s - %s) * 1000 AS lag FROM %s) l""".formatted(arrived, happened, rows));
        if (!found.isEmpty()) {
            String[] both = found.split("\\|");
            lines.add(String.format(Locale.ROOT, "    %-42s %6s ms %6s ms", who, both[0], both[1]));
        }
    }

    private String one(Service service, String sql) throws SQLException {
        return books.list(service, sql).get(0);
    }

    private void line(String what, String text) {
        lines.add(String.format(Locale.ROOT, "  %-12s %s", what, text));
    }
}
