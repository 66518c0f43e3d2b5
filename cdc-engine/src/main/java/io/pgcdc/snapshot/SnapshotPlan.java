package io.pgcdc.snapshot;

import io.pgcdc.model.Relation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far the work of a snapshot is planned. A reader reads the catalog, because that may have to wait for locks; capture begins to compare the
 * changes of the tables; then a reader reads the files' sizes. One thread at a time.
 */
final class SnapshotPlan {

    private enum State {
        NOT_BEGUN,
        /** The tables are not known. */
        NEEDED,
        /** They are, and capture is to compare their changes. */
        FOUND,
        /** It does. Now the sizes of the files can be read. */
        COMPARED,
        DONE
    }

    private State state = State.NOT_BEGUN;
    private boolean lookingUp;

    /** Counts how often the plan was given up. */
    private int number;

    private List<SnapshotTable> tables = List.of();

    /** The layouts with which the tables are read, by oid. */
    private Map<Integer, Relation> layouts = Map.of();

    boolean isBegun() {
        return state != State.NOT_BEGUN;
    }

    boolean isFound() {
        return state == State.FOUND;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** Gives the plan up: the tables are looked up when no window is open. */
    void need() {
        state = State.NEEDED;
        number++;
    }

    /** Forgets the tables. */
    void clear() {
        tables = List.of();
        layouts = Map.of();
    }

    /** Returns true if the catalog is to be read now. */
    boolean isLookUpDue(boolean windowsOpen) {
        return !lookingUp && (state == State.COMPARED || (state == State.NEEDED && !windowsOpen));
    }

    /** Begins to read the catalog. Returns the number of the plan. */
    int startLookUp() {
        lookingUp = true;
        return number;
    }

    void endLookUp() {
        lookingUp = false;
    }

    /** Returns true if it is still the plan with that number, and its tables were looked for. */
    boolean looksForTables(int plan) {
        return plan == number && state == State.NEEDED;
    }

    /** Returns true if it is still the plan with that number, and its sizes were looked for. */
    boolean looksForSizes(int plan) {
        return plan == number && state == State.COMPARED;
    }

    void found(List<SnapshotTable> read) {
        tables = read;
        state = State.FOUND;
    }

    /** Capture compares the changes of the tables from now on. */
    void compared() {
        layouts = tables.stream().collect(Collectors.toMap(SnapshotTable::oid, SnapshotTable::layout));
        state = State.COMPARED;
    }

    /** The work can be given out. */
    void done(List<SnapshotTable> read) {
        tables = read;
        state = State.DONE;
    }

    List<SnapshotTable> tables() {
        return tables;
    }

    Map<Integer, Relation> layouts() {
        return layouts;
    }

    /** Returns what to call these tables. */
    List<String> names(Set<Integer> oids) {
        return oids.stream()
                .map(oid -> {
                    Relation layout = layouts.get(oid);
                    return layout == null ? "the table with oid " + oid : layout.qualifiedName();
                })
                .toList();
    }
}
