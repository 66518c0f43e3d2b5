package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.cli.text.Wrapped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Shows what tables cost as lines for a person. No state. */
final class TopView {

    private static final String UNKNOWN = "-";
    private static final int NUMBERS = 53;
    private static final double PERCENT = 100;

    private TopView() {}

    /**
     * Returns the lines.
     *
     * @param tables as the control socket tells them
     * @param columns of the terminal; 80 or more
     */
    static List<String> lines(JsonNode tables, int columns) {
        List<JsonNode> all = new ArrayList<>();
        tables.path("tables").forEach(all::add);
        all.sort(Comparator.comparingDouble(
                        (JsonNode table) -> -table.path("bytes_per_second").asDouble())
                .thenComparingDouble(table -> -table.path("bytes").asDouble()));
        List<String> lines = new ArrayList<>();
        lines.add(tables.path("pipeline").asText() + ": "
                + (all.isEmpty()
                        ? "no change of any table yet"
                        : all.size() + (all.size() == 1 ? " table" : " tables") + " with changes")
                + ", in " + Amounts.seconds(Math.round(tables.path("seconds").asDouble())));
        if (all.isEmpty()) {
            return lines;
        }
        int name = columns - NUMBERS;
        lines.add("");
        row(lines, name, "TABLE", "CHANGES/S", "CHANGES", "BYTES/S", "BYTES", "OLD ROWS", "UNREAD");
        for (JsonNode table : all) {
            row(
                    lines,
                    name,
                    table.path("table").asText(),
                    Amounts.brief(table.path("changes_per_second").asDouble()),
                    Amounts.brief(table.path("changes").asDouble()),
                    Amounts.bytes(Math.round(table.path("bytes_per_second").asDouble())),
                    Amounts.bytes(table.path("bytes").asLong()),
                    percent(table.path("old_row_share")),
                    table.path("unread_columns").isEmpty() ? "" : percent(table.path("unread_share")));
        }
        all.stream().filter(table -> !table.path("unread_columns").isEmpty()).forEach(table -> {
            lines.add("");
            unread(lines, table, columns);
        });
        return lines;
    }

    private static void row(List<String> lines, int width, String name, Object... numbers) {
        lines.add((String.format(Locale.ROOT, "%-" + width + "s", cut(name, width))
                        + String.format(Locale.ROOT, " %9s %7s %8s %8s %8s %7s", numbers))
                .stripTrailing());
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "~";
    }

    private static String percent(JsonNode share) {
        return share.isNumber() ? Math.round(share.asDouble() * PERCENT) + "%" : UNKNOWN;
    }

    private static void unread(List<String> lines, JsonNode table, int columns) {
        List<String> names = new ArrayList<>();
        table.path("unread_columns").forEach(name -> names.add(name.asText()));
        String share = percent(table.path("unread_share"));
        lines.addAll(Wrapped.text(
                "",
                "No sink reads these columns of " + table.path("table").asText() + ": " + String.join(", ", names)
                        + (share.equals(UNKNOWN) ? "" : " (" + share + " of its bytes)")
                        + (table.path("sql").isTextual()
                                ? ". The server stops sending them, to every reader of the publication, with:"
                                : ". " + table.path("why_no_sql").asText()),
                columns));
        if (table.path("sql").isTextual()) {
            table.path("sql").asText().lines().forEach(line -> lines.add("  " + line));
        }
    }
}
