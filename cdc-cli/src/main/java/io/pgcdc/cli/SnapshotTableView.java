package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows the snapshots of a pipeline as lines for a person, within 80 columns. */
final class SnapshotTableView {

    private SnapshotTableView() {}

    /** @param snapshots as the control socket tells them */
    static List<String> lines(JsonNode snapshots) {
        if (snapshots.isEmpty()) {
            return List.of("no snapshot was read or ordered in this run");
        }
        List<String> lines = new ArrayList<>();
        lines.add(form("ID", "STATE", "DONE", "TABLES", "ROWS", "BYTES", "ROWS/S", "TIME LEFT"));
        for (JsonNode snapshot : snapshots) {
            lines.add(line(snapshot));
            if (!snapshot.path("waits_for_xids").isEmpty()) {
                lines.add("  waits for transactions: SELECT pid, xact_start, query FROM pg_stat_activity");
                lines.add("  WHERE backend_xid::text IN (" + quoted(snapshot.path("waits_for_xids")) + ")");
            }
            String error = snapshot.path("error").asText("");
            if (!snapshot.path("error").isNull() && !error.isEmpty()) {
                lines.add("  " + error);
            }
        }
        return lines;
    }

    private static String quoted(JsonNode xids) {
        List<String> quoted = new ArrayList<>();
        xids.forEach(xid -> quoted.add("'" + xid.asText() + "'"));
        return String.join(", ", quoted);
    }

    private static String line(JsonNode snapshot) {
        String state = snapshot.path("state").asText();
        boolean begun = !state.equals("waiting");
        boolean reads = state.equals("reading");
        JsonNode left = snapshot.path("seconds_left_estimated");
        return form(
                snapshot.path("id").asText(),
                state,
                begun ? Amounts.percent(snapshot.path("share_estimated").asDouble()) : "-",
                begun
                        ? snapshot.path("tables_done").asInt() + "/"
                                + snapshot.path("tables").asInt()
                        : "-",
                begun ? Amounts.count(snapshot.path("rows").asLong()) : "-",
                begun ? Amounts.bytes(snapshot.path("bytes").asLong()) : "-",
                begun ? Amounts.count(snapshot.path("rows_per_second").asLong()) : "-",
                reads && left.isNumber() ? "~" + Amounts.seconds(left.asLong()) : "-");
    }

    private static String form(Object... cells) {
        return String.format(Locale.ROOT, "%-9s %-9s %4s %6s %13s %7s %9s %9s", cells)
                .stripTrailing();
    }
}
