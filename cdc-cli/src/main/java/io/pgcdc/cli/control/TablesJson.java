package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.model.Relation;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.TableCost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tables of a pipeline cost, as JSON. docs/reference/control.md describes it. Remembers earlier readings, for the rates. Any thread. */
public final class TablesJson {

    /** Rates are taken over as long, if it was read so long ago. */
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final double MILLI = 1e3;
    private static final double TENTH = 1e1;

    private final String name;
    private final Pipeline pipeline;
    private final Instant startedAt;
    private final Deque<Reading> earlier = new ArrayDeque<>();

    private record Counts(long changes, long bytes) {

        static final Counts NONE = new Counts(0, 0);
    }

    private record Reading(Instant at, Map<Integer, Counts> byTable) {}

    /** @param startedAt before the first change */
    public TablesJson(String name, Pipeline pipeline, Instant startedAt) {
        this.name = name;
        this.pipeline = pipeline;
        this.startedAt = startedAt;
    }

    /** Returns the tables, the most expensive first. */
    public synchronized ObjectNode read() {
        List<TableCost> costs = pipeline.tables();
        Instant now = Instant.now();
        Reading base = base(now);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("pipeline", name);
        json.put("at", now.toString());
        json.put("seconds", seconds(startedAt, now));
        ArrayNode tables = json.putArray("tables");
        Map<Integer, Counts> counts = new HashMap<>();
        for (TableCost cost : costs) {
            counts.put(cost.relation().oid(), new Counts(cost.changes(), cost.bytes()));
            tables.add(table(cost, base, now));
        }
        if (earlier.isEmpty() || Duration.between(earlier.getLast().at, now).compareTo(SHORTEST) >= 0) {
            earlier.add(new Reading(now, counts));
        }
        return json;
    }

    /** Returns the reading with which this one is compared: the latest that is old enough, else the oldest one; else the start. */
    private Reading base(Instant now) {
        Instant old = now.minus(WINDOW);
        while (earlier.size() > 1 && second().at.isBefore(old)) {
            earlier.remove();
        }
        boolean usable = !earlier.isEmpty()
                && Duration.between(earlier.getFirst().at, now).compareTo(SHORTEST) >= 0;
        return usable ? earlier.getFirst() : new Reading(startedAt, Map.of());
    }

    private Reading second() {
        return earlier.stream().skip(1).findFirst().orElseThrow();
    }

    private static ObjectNode table(TableCost cost, Reading base, Instant now) {
        Counts then = base.byTable.getOrDefault(cost.relation().oid(), Counts.NONE);
        double seconds = Math.max(seconds(base.at, now), SHORTEST.toMillis() / MILLI);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Relation table = cost.relation();
        json.put("table", table.sharesName() ? table.atSource().toString() : table.qualifiedName());
        if (table.sharesName()) {
            json.put("alias", table.qualifiedName());
        }
        json.put("changes", cost.changes());
        json.put("changes_per_second", tenths((cost.changes() - then.changes) / seconds));
        json.put("inserts", cost.inserts());
        json.put("updates", cost.updates());
        json.put("deletes", cost.deletes());
        json.put("bytes", cost.bytes());
        json.put("bytes_per_second", tenths((cost.bytes() - then.bytes) / seconds));
        json.put("replica_identity", cost.relation().identity().name().toLowerCase(Locale.ROOT));
        json.put("old_row_share", share(cost.oldRowShare()));
        cost.unread().forEach(json.putArray("unread_columns")::add);
        json.put("unread_share", share(cost.unreadShare()));
        TableCost.Saving saving = cost.saving();
        json.put("sql", saving == null ? null : saving.sql());
        json.put("why_no_sql", saving == null ? null : saving.obstacle());
        return json;
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis()) / MILLI;
    }

    private static double tenths(double value) {
        return Math.round(value * TENTH) / TENTH;
    }

    private static @Nullable Double share(@Nullable Double share) {
        return share == null ? null : Math.round(share * MILLI) / MILLI;
    }
}
