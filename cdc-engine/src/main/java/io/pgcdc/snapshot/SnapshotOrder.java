package io.pgcdc.snapshot;

import io.pgcdc.queue.ChunkLabel;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one snapshot reads, and for whom.
 *
 * @param id no other snapshot of the queue has it
 * @param tables names of tables, {@code schema.table}; empty: all of the publications
 * @param where a condition in SQL that rows must meet; null: all rows
 * @param sinks the sinks that get the rows, by name; empty: all
 * @param reconcile true if sinks delete the rows that it does not find
 * @param begins true if it is what a sink begins with: without it, the sink would lack rows
 */
record SnapshotOrder(
        String id,
        List<String> tables,
        @Nullable String where,
        SortedSet<String> sinks,
        boolean reconcile,
        boolean begins) {

    /** What a pipeline begins with: everything. */
    static final SnapshotOrder INITIAL = new SnapshotOrder("initial", List.of(), null, List.of(), false, true);

    SnapshotOrder {
        tables = List.copyOf(tables);
    }

    SnapshotOrder(
            String id,
            Collection<String> tables,
            @Nullable String where,
            Collection<String> sinks,
            boolean reconcile,
            boolean begins) {
        this(id, List.copyOf(tables), where, new TreeSet<>(sinks), reconcile, begins);
    }

    /** Returns what the queue stores with a chunk. */
    ChunkLabel label(ChunkQuery query) {
        return new ChunkLabel(id, sinks, query.description());
    }

    /** Returns true if the table's rows are read. */
    boolean includes(String table) {
        return tables.isEmpty() || tables.contains(table);
    }

    /** Throws CDC-135 if an ordered table is not among those that the server has: it must not be missing silently. */
    void requireAll(List<SnapshotTable> found) {
        for (String name : tables) {
            if (found.stream().noneMatch(table -> table.name().toString().equals(name))) {
                throw SnapshotErrors.gone(name, id);
            }
        }
    }

    /** Returns true if it is what this sink begins with. */
    boolean isBeginningOf(String sink) {
        return begins && sinks.contains(sink);
    }

    /** Returns the order as what its sinks begin with. */
    SnapshotOrder beginning() {
        return new SnapshotOrder(id, tables, where, sinks, reconcile, true);
    }

    /** Returns the lines of the ledger that tell it. */
    String lines() {
        StringBuilder text = new StringBuilder("order ").append(id).append('\n');
        tables.forEach(table -> line(text, "table", table));
        sinks.forEach(sink -> line(text, "sink", sink));
        if (where != null) {
            line(text, "where", where);
        }
        if (reconcile) {
            line(text, "reconcile", "true");
        }
        if (begins) {
            line(text, "begins", "true");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String word, String value) {
        text.append(word)
                .append(' ')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                .append('\n');
    }

    /** Reads the lines of a ledger. One thread. */
    static final class Parser {

        private String id = INITIAL.id();
        private final List<String> tables = new ArrayList<>();
        private final List<String> sinks = new ArrayList<>();
        private @Nullable String where;
        private boolean reconcile;
        private boolean begins;

        /** Takes a line. Returns false if it does not belong to an order. */
        boolean line(String word, String value) {
            String text = URLDecoder.decode(value, StandardCharsets.UTF_8);
            switch (word) {
                case "order" -> id = text;
                case "table" -> tables.add(text);
                case "sink" -> sinks.add(text);
                case "where" -> where = text;
                case "reconcile" -> reconcile = Boolean.parseBoolean(text);
                case "begins" -> begins = Boolean.parseBoolean(text);
                default -> {
                    return false;
                }
            }
            return true;
        }

        SnapshotOrder order() {
            if (id.equals(INITIAL.id())) {
                return INITIAL;
            }
            return new SnapshotOrder(id, tables, where, sinks, reconcile, begins);
        }
    }
}
