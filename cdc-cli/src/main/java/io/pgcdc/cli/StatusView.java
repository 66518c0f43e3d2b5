package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.cli.progress.Work;
import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.guard.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Shows a pipeline's status as lines for a person. */
final class StatusView {

    private static final String UNKNOWN = "-";
    private static final String NO_LSN = "0/0";
    private static final int LABEL = 8;

    /** Columns of the table of sinks beside the name and the position. */
    private static final int NUMBERS_WIDTH = 47;

    private static final int SHORTEST_NAME = 12;
    private static final int LONGEST_NAME = 32;
    private static final int POSITION = 20;

    private final JsonNode status;
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private StatusView(JsonNode status, int columns) {
        this.status = status;
        this.columns = columns;
    }

    /**
     * Returns the lines.
     *
     * @param status as the control socket tells it
     * @param columns of the terminal; 80 or more
     */
    static List<String> lines(JsonNode status, int columns) {
        StatusView view = new StatusView(status, columns);
        view.head();
        view.source();
        view.wal();
        view.queue();
        view.sinks();
        view.feeds();
        view.progress();
        view.snapshots();
        return view.lines;
    }

    /**
     * Returns the lines for several pipelines: how many of them are how, then each.
     *
     * @param status as {@link io.pgcdc.cli.control.GroupStatus} makes it
     * @param columns of the terminal; 80 or more
     */
    static List<String> linesOfGroup(JsonNode status, int columns) {
        Map<String, Integer> healths = new TreeMap<>();
        List<String> each = new ArrayList<>();
        for (JsonNode one : status.path("pipelines")) {
            healths.merge(one.path("health").asText(), 1, Integer::sum);
            each.add("");
            each.addAll(lines(one, columns));
        }
        List<String> counts = new ArrayList<>();
        healths.forEach((health, count) -> counts.add(count + " " + health));
        int all = status.path("pipelines").size();
        List<String> lines = new ArrayList<>();
        lines.add(all + (all == 1 ? " pipeline: " : " pipelines: ") + String.join(", ", counts));
        lines.addAll(each);
        return lines;
    }

    private void head() {
        String left = text("pipeline") + ": " + text("health").toUpperCase(Locale.ROOT);
        String right = running();
        lines.add(left + " ".repeat(Math.max(2, columns - left.length() - right.length())) + right);
        for (JsonNode problem : status.path("problems")) {
            lines.addAll(Wrapped.text("! ", problem.asText(), columns));
        }
    }

    private String running() {
        if (!status.path("started_at").isTextual()) {
            return text("state");
        }
        Duration since = Duration.between(Instant.parse(text("started_at")), Instant.parse(text("at")));
        return "cdc " + text("version") + ", pid " + text("pid") + ", " + text("state") + " for "
                + Amounts.seconds(since.toSeconds());
    }

    private void source() {
        JsonNode source = status.path("source");
        if (!source.isEmpty()) {
            lines.add("");
        }
        if (source.has("database")) {
            labelled(
                    "source",
                    "database " + source.path("database").asText() + ", slot "
                            + source.path("slot").asText()
                            + "; in the queue to " + lsn(source.path("durable_lsn")) + ", confirmed to "
                            + lsn(source.path("confirmed_lsn")));
        }
        if (!source.has("connected")) {
            return;
        }
        String state = source.path("paused").asBoolean()
                ? "paused"
                : source.path("connected").asBoolean() ? "connected" : "not connected";
        labelled(
                "source",
                source.path("server").asText() + ", slot " + source.path("slot").asText() + ": " + state);
        String places = "in the queue to " + lsn(source.path("durable_lsn")) + ", confirmed to "
                + lsn(source.path("confirmed_lsn"));
        if (!source.has("changes")) {
            labelled("", places);
            return;
        }
        JsonNode lag = source.path("lag_bytes");
        labelled(
                "",
                (lag.isNumber()
                                ? Amounts.bytes(lag.asLong()) + " behind, "
                                        + Amounts.seconds(Math.round(
                                                source.path("lag_seconds").asDouble())) + "; "
                                : "")
                        + Amounts.brief(source.path("changes_per_second").asDouble()) + " changes/s, "
                        + Amounts.brief(source.path("changes").asDouble())
                        + " in this run; " + places);
    }

    private static String lsn(JsonNode lsn) {
        return lsn.asText(NO_LSN).equals(NO_LSN) ? UNKNOWN : lsn.asText();
    }

    private void wal() {
        JsonNode wal = status.path("source").path("wal");
        if (!wal.path("read_at").isTextual()) {
            if (wal.has("used_by")) {
                labelled("server", wal.path("error").asText());
            }
            return;
        }
        long growth = wal.path("growth_bytes_per_second").asLong();
        JsonNode loss = wal.path("loss_seconds");
        JsonNode safe = wal.path("safe_bytes");
        String text = Amounts.bytes(wal.path("retained_bytes").asLong()) + " held on the primary ("
                + wal.path("status").asText() + ")"
                + (growth > 0 ? ", grows " + Amounts.bytes(growth) + "/s" : "")
                + (safe.isNumber() ? ", " + Amounts.bytes(Math.max(0, safe.asLong())) + " left" : "")
                + (loss.isNumber() ? ", lost in " + Words.time(loss.asLong()) : "")
                + (wal.path("confirm").isTextual()
                        ? "; confirmed by " + wal.path("confirm").asText()
                        : "");
        if (wal.has("used_by")) {
            server(wal);
        }
        labelled("wal", text);
        if (!wal.path("holder").path("kind").asText("nobody").equals("nobody")) {
            labelled("", wal.path("holder").path("text").asText());
        }
        if (wal.path("error").isTextual()) {
            labelled("", "the last look failed: " + wal.path("error").asText());
        }
    }

    /** What the server says of the slot while no pipeline runs. */
    private void server(JsonNode wal) {
        JsonNode user = wal.path("used_by");
        labelled(
                "server",
                status.path("source").path("server").asText() + ": slot "
                        + status.path("source").path("slot").asText()
                        + (user.isObject()
                                ? " is used by process " + user.path("pid").asText()
                                        + (user.path("client").isTextual()
                                                ? " (" + user.path("client").asText() + ")"
                                                : "")
                                : wal.path("active").asBoolean() ? " is in use" : " is not in use"));
        labelled(
                "",
                "it holds WAL from " + wal.path("restart_lsn").asText() + ", confirmed to "
                        + wal.path("confirmed_lsn").asText() + ", the WAL ends at "
                        + wal.path("end_lsn").asText());
    }

    private void queue() {
        JsonNode queue = status.path("queue");
        if (!queue.has("bytes")) {
            return;
        }
        String slowest = queue.path("slowest_sink").textValue();
        labelled(
                "queue",
                Amounts.bytes(queue.path("bytes").asLong()) + " in "
                        + queue.path("directory").asText() + ", "
                        + Amounts.bytes(queue.path("disk_free_bytes").asLong()) + " free on its disk"
                        + (slowest == null ? "" : "; sink " + slowest + " is the slowest"));
    }

    private void labelled(String label, String text) {
        String padded = label + " ".repeat(LABEL - label.length());
        lines.addAll(Wrapped.text(padded, text, columns));
    }

    private void sinks() {
        JsonNode sinks = status.path("sinks");
        if (sinks.isEmpty()) {
            return; // nothing is known of them: there is no queue yet
        }
        int longest = SHORTEST_NAME;
        for (JsonNode sink : sinks) {
            longest = Math.max(longest, sink.path("name").asText().length());
        }
        int name = Math.min(longest, Math.min(LONGEST_NAME, columns - NUMBERS_WIDTH - POSITION - 1));
        lines.add("");
        row(name, "SINK", "POSITION", "STATE", "BEHIND", "CHANGES", "WAL", "CHANGES/S");
        for (JsonNode sink : sinks) {
            boolean known = sink.path("lag_changes").isNumber();
            row(
                    name,
                    sink.path("name").asText(),
                    sink.path("position").asText(UNKNOWN),
                    sink.path("state").asText(),
                    known ? Amounts.seconds(Math.round(sink.path("lag_seconds").asDouble())) : UNKNOWN,
                    known ? Amounts.brief(sink.path("lag_changes").asDouble()) : UNKNOWN,
                    sink.path("lag_bytes").isNumber()
                            ? Amounts.bytes(sink.path("lag_bytes").asLong())
                            : UNKNOWN,
                    sink.has("changes_per_second")
                            ? Amounts.brief(sink.path("changes_per_second").asDouble())
                            : UNKNOWN);
            told(sink);
        }
    }

    private void row(int width, String name, String position, Object... numbers) {
        lines.add((String.format(Locale.ROOT, "%-" + width + "s %-" + POSITION + "s", cut(name, width), position)
                        + String.format(Locale.ROOT, " %-9s %8s %8s %8s %9s", numbers))
                .stripTrailing());
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "~";
    }

    private void told(JsonNode sink) {
        long retries = sink.path("retries").asLong();
        long refused = sink.path("dead_letters").asLong();
        List<String> told = new ArrayList<>();
        if (retries > 0) {
            told.add(Amounts.count(retries) + (retries == 1 ? " retry" : " retries"));
        }
        if (refused > 0) {
            told.add(Amounts.count(refused) + (refused == 1 ? " dead letter" : " dead letters"));
        }
        if (!told.isEmpty()) {
            lines.add("  " + String.join(", ", told) + (sink.has("retries") ? " in this run" : ""));
        }
    }

    private void feeds() {
        JsonNode feeds = status.path("feeds");
        if (!feeds.isEmpty()) {
            lines.add("");
        }
        for (JsonNode feed : feeds) {
            int clients = feed.path("clients").asInt();
            labelled(
                    "feed",
                    feed.path("name").asText() + ": " + clients + (clients == 1 ? " client" : " clients") + ", "
                            + Amounts.brief(feed.path("changes").asDouble()) + " changes sent in this run");
        }
    }

    private void progress() {
        JsonNode works = status.path("progress");
        if (!works.isEmpty()) {
            lines.add("");
        }
        for (JsonNode work : works) {
            lines.add(ProgressText.bar(
                            new Work(
                                    Work.Kind.valueOf(work.path("kind").asText().toUpperCase(Locale.ROOT)),
                                    work.path("sink").textValue(),
                                    work.path("bytes_done").asLong(),
                                    work.path("bytes_left").asLong(),
                                    work.path("bytes_per_second").asDouble(),
                                    work.path("seconds_left_estimated").asLong(-1),
                                    0),
                            columns)
                    .stripTrailing());
        }
    }

    private void snapshots() {
        if (!status.path("snapshots").isEmpty()) {
            lines.add("");
            lines.addAll(SnapshotTableView.lines(status.path("snapshots")));
        }
    }

    private String text(String field) {
        return status.path(field).asText(UNKNOWN);
    }
}
