package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TruncateView;
import io.pgcdc.sinks.postgres.projection.ProjectionSettings.OnDelete;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The rows of all tables that wait to be written. Merges the changes of each row, and writes many rows with one statement. A new key and a
 * TRUNCATE cannot be merged: all rows before them are written first. For one thread and one connection.
 */
final class WaitingRows {

    /** Number of waiting changes, in all tables together, at which the rows are written. */
    private static final int MOST_CHANGES = 20_000;

    private final Connection connection;
    private final SeenRows seen;
    private final Truncation truncation;
    private boolean replaying;

    /**
     * The destination that was used last, for each target table. No other destination of the table has waiting rows.
     */
    private final Map<TableName, Destination> waiting = new LinkedHashMap<>();

    private final ForeignKeys foreignKeys = new ForeignKeys();

    /** Tables that the open transaction has written or created. */
    private final Set<TableName> touched = new HashSet<>();

    private int changes;
    private long bytes;

    WaitingRows(String sink, Connection connection, SeenRows seen) {
        this.connection = connection;
        this.seen = seen;
        truncation = new Truncation(sink);
    }

    /** @param on true if the next changes are a replay: the target has their effects already */
    void replaying(boolean on) {
        replaying = on;
    }

    /** Handles a rollback: forgets what was not written. */
    void clear() {
        waiting.clear();
        changes = 0;
        truncation.clear();
        foreignKeys.forget();
    }

    /** Returns the tables that were written since the last commit, or will be. */
    Set<TableName> touched() {
        return touched;
    }

    /** Returns the approximate size of the changes since the last commit, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Handles a commit. */
    void committed() {
        bytes = 0;
        touched.clear();
    }

    /**
     * Adds what one change does by several mappings. First rows go, those that reference others first; then rows come, those that are referenced
     * first. So a row that leaves by one mapping and comes by another is there.
     */
    void applyAll(List<RowEffect> effects) throws SQLException {
        if (effects.size() > 1) {
            List<TableName> order = foreignKeys.order(
                    connection,
                    effects.stream().map(WaitingRows::target).distinct().toList());
            effects.sort(Comparator.comparing((RowEffect effect) -> !effect.removes())
                    .thenComparing(effect -> order.indexOf(target(effect)) * (effect.removes() ? -1 : 1)));
        }
        Set<TableName> moved = new HashSet<>();
        for (RowEffect effect : effects) {
            apply(effect, effect.kind() != RowEffect.Kind.CHANGE_KEY || moved.add(target(effect)));
        }
        changes += effects.size();
        if (changes >= MOST_CHANGES) {
            send();
        }
    }

    private static TableName target(RowEffect effect) {
        return effect.to().plan().target().name();
    }

    /**
     * Adds a change. Writes earlier ones first where it cannot be merged with them.
     *
     * @param firstOfTable false if another mapping has just given the row its new key
     */
    private void apply(RowEffect effect, boolean firstOfTable) throws SQLException {
        sendTruncation();
        Destination to = effect.to();
        require(to);
        KeyedRows rows = to.rows();
        bytes += effect.values().bytes();
        boolean inOrder = rows.isInOrder();
        switch (effect.kind()) {
            case INSERT -> {
                makeWay(effect, effect.values().anyAbsent() ? ChangeKind.UPDATE : ChangeKind.INSERT);
                rows.insert(effect.key(), effect.values());
            }
            case READ -> {
                makeWay(effect, effect.values().anyAbsent() ? ChangeKind.UPDATE : ChangeKind.READ);
                rows.read(effect.key(), effect.values(), effect.mayBeMissing());
            }
            case UPDATE, MARK_DELETED -> {
                makeWay(effect, ChangeKind.UPDATE);
                rows.update(effect.key(), effect.values(), effect.mayBeMissing(), effect.isWhole());
            }
            case DELETE -> {
                makeWay(effect, ChangeKind.DELETE);
                if (inOrder) {
                    send();
                }
                rows.delete(effect.key());
                if (inOrder) {
                    send();
                }
            }
            case CHANGE_KEY -> changeKey(effect, Objects.requireNonNull(effect.oldKey()), firstOfTable);
            case UPDATE_ONE, DELETE_ONE -> changeOne(effect, Objects.requireNonNull(effect.oldValues()));
        }
    }

    /** Writes the waiting rows if {@link KeyedRows#mustGoFirst} requires that. */
    private void makeWay(RowEffect effect, ChangeKind kind) throws SQLException {
        if (effect.to().rows().mustGoFirst(effect.key(), kind)) {
            send();
        }
    }

    /** Changes a row's key. Writes all waiting rows first, because the new key may be one that another row had before. */
    private void changeKey(RowEffect effect, byte[][] oldKey, boolean clears) throws SQLException {
        Destination to = effect.to();
        send();
        to.rows().update(effect.key(), effect.values(), effect.mayBeMissing(), effect.isWhole());
        KeyedRows.Row row = to.rows().ordered().get(0);
        if (clears && to.mapping().onDelete() != OnDelete.DELETE) {
            to.statements().clearWay(oldKey, row, to.plan().isDeleted());
        }
        if (clears && replaying) {
            // the row is there under its old key again, and under its new one still
            to.statements().clearWay(oldKey, row, to.statements().oldRowExists());
        }
        if (to.statements().changeKey(oldKey, row)) {
            seen.add(connection, to.statements(), to.plan(), List.of(row));
            to.rows().clear();
        } else {
            send(); // the row is new in the target
        }
    }

    /** Changes one row of a table without a key. Writes all waiting rows first: it may be among them. */
    private void changeOne(RowEffect effect, Texts old) throws SQLException {
        Destination to = effect.to();
        KeylessStatements statements = new KeylessStatements(to.plan(), to.statements());
        send();
        boolean deletes = effect.kind() == RowEffect.Kind.DELETE_ONE;
        if (!statements.changeOne(old, deletes ? null : effect.values()) && !effect.mayBeMissing()) {
            throw TableStatements.missing();
        }
    }

    /** Makes it the destination of its target table whose rows wait. First writes those of another layout or source table. */
    @SuppressWarnings("ReferenceEquality") // a plan is one object while its layout is in force
    private void require(Destination destination) throws SQLException {
        TableName target = destination.plan().target().name();
        touched.add(target);
        Destination last = waiting.get(target);
        if (last == null || last.plan() != destination.plan()) {
            if (last != null && !last.rows().isEmpty()) {
                sendRows();
            }
            waiting.put(target, destination);
        }
    }

    /** Adds a TRUNCATE. */
    void truncate(Change change, TruncateView truncate, Destination to) throws SQLException {
        sendRows();
        require(to);
        truncation.add(to.plan(), to.mapping().extra(), change, truncate);
    }

    /** Writes everything that waits, before the rows of a table are reconciled. */
    void sendBefore(Destination reconciled) throws SQLException {
        send();
        require(reconciled);
    }

    private void sendTruncation() throws SQLException {
        if (!truncation.isEmpty()) {
            truncation.send(connection);
        }
    }

    /** Sends everything that waits. */
    void send() throws SQLException {
        sendTruncation();
        sendRows();
    }

    /** Returns the destinations that have waiting rows, in the order of foreign keys. */
    private List<Destination> ordered() throws SQLException {
        List<Destination> full = new ArrayList<>();
        for (Destination destination : waiting.values()) {
            if (!destination.rows().isEmpty()) {
                full.add(destination);
            }
        }
        if (full.size() < 2) {
            return full;
        }
        List<TableName> names = full.stream().map(d -> d.plan().target().name()).toList();
        return foreignKeys.order(connection, names).stream().map(waiting::get).toList();
    }

    /** Writes the waiting rows in the order of foreign keys, then runs the deletes in reverse order. */
    void sendRows() throws SQLException {
        List<Destination> order = ordered();
        List<List<KeyedRows.Row>> rows = new ArrayList<>();
        for (Destination destination : order) {
            List<KeyedRows.Row> ordered = destination.rows().ordered();
            rows.add(ordered);
            for (List<KeyedRows.Row> group : destination.rows().groups()) {
                destination.statements().write(group);
            }
            seen.add(connection, destination.statements(), destination.plan(), ordered);
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            order.get(i)
                    .statements()
                    .delete(rows.get(i).stream()
                            .filter(row -> row.op() == KeyedRows.RowOp.DELETE)
                            .toList());
            order.get(i).rows().clear();
        }
        changes = 0;
    }
}
