package io.pgcdc.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.history.Finding.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes records line by line, in the order in which they came out, and checks them as it goes: positions increase, but after a restart, where
 * lines may come again, each equal to what it was. Adds the changes up to tables. One thread.
 */
public final class History {

    private final Map<Object, Integer> seen = new HashMap<>();
    private final Mapping mapping;
    private final Consumer<Finding> findings;
    private final ReplayedTables tables;
    private @Nullable Place last;
    private @Nullable Place lastLine;
    private @Nullable Object lastIdentity;
    private boolean anyRestart;
    private boolean repeatsAllowed;
    private long repeats;
    private long restarts;
    private long others;

    /** What names a change where several may have one position. */
    private record Identity(Place place, Change.Operation operation, String table, String key) {}

    /**
     * An empty history of pgcdc's records, which throws an AssertionError at the first fault.
     *
     * @param keyColumns by {@code schema.table}, in key order
     */
    public History(Map<String, List<String>> keyColumns) {
        this(Mapping.PGCDC, keyColumns, Set.of(), finding -> {
            throw new AssertionError(finding.toString());
        });
    }

    /**
     * An empty history.
     *
     * @param keyColumns by {@code schema.table}, in key order; kept, not copied
     * @param ignored columns that are not compared, {@code schema.table.column}
     * @param findings gets each fault when it is found
     */
    public History(
            Mapping mapping, Map<String, List<String>> keyColumns, Set<String> ignored, Consumer<Finding> findings) {
        this.mapping = mapping;
        this.findings = findings;
        tables = new ReplayedTables(keyColumns, new Values(!mapping.strict(), ignored), findings);
    }

    /** From here on lines may come again, once, in order, until the first new one. */
    public void restarted() {
        repeatsAllowed = true;
        lastLine = null;
        lastIdentity = null;
    }

    /** Any line may be the first one after a restart. */
    public void mayRestart() {
        anyRestart = true;
    }

    /** From here on a change may concern a row that comes later, as a row of a snapshot. The first such row has the same effect. */
    public void rowsFollow() {
        tables.rowsFollow();
    }

    /** Changes, each counted once. */
    public int size() {
        return seen.size();
    }

    /** Lines that came again. */
    public long repeats() {
        return repeats;
    }

    /** Restarts that were seen, after {@link #mayRestart}. */
    public long restarts() {
        return restarts;
    }

    /** Lines that are no changes. */
    public long others() {
        return others;
    }

    /** The tables as the changes add up to, by {@code schema.table} and record_id. A copy. */
    public Map<String, SortedMap<String, JsonNode>> tables() {
        Map<String, SortedMap<String, JsonNode>> copy = new HashMap<>();
        tables.rows().forEach((name, rows) -> {
            SortedMap<String, JsonNode> data = new TreeMap<>();
            rows.forEach((key, row) -> data.put(key, row.data()));
            copy.put(name, data);
        });
        return copy;
    }

    ReplayedTables replayed() {
        return tables;
    }

    /** @throws IllegalArgumentException the line cannot be read */
    public void add(String line) {
        Change change = mapping.read(line);
        if (change == null) {
            others++;
            return;
        }
        String key = tables.key(change);
        Object identity = mapping.strict()
                ? change.place()
                : new Identity(change.place(), change.operation(), change.table(), key);
        int content = mapping.strict() ? line.hashCode() : change.hashCode();
        Integer before = seen.get(identity);
        boolean earlier = lastLine != null && (change.place().compareTo(lastLine) < 0 || identity.equals(lastIdentity));
        if (before != null && anyRestart && (earlier || !repeatsAllowed)) {
            restarted();
            restarts++;
            earlier = false;
        }
        if (before != null) {
            again(change, key, earlier, before == content);
        } else if (earlier) {
            found(Kind.ORDER, change, key, "it came after a later change");
        } else if (last != null && change.place().compareTo(last) < 0) {
            found(Kind.ORDER, change, key, "it is new, but before what came already");
        }
        lastLine = change.place();
        lastIdentity = identity;
        if (before == null) {
            repeatsAllowed = false;
            last = last == null || lastLine.compareTo(last) > 0 ? lastLine : last;
            seen.put(identity, content);
            tables.apply(change);
        }
    }

    private void again(Change change, String key, boolean earlier, boolean same) {
        if (!repeatsAllowed || earlier) {
            found(
                    Kind.TWICE,
                    change,
                    key,
                    repeatsAllowed ? "it came twice after one restart" : "it came twice without a restart");
        } else if (!same) {
            found(Kind.CONTENT, change, key, "it came again with another content");
        } else {
            repeats++;
        }
    }

    private void found(Kind kind, Change change, String key, String what) {
        findings.accept(new Finding(kind, change.position(), change.table(), key, what));
    }
}
