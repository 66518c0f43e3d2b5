package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TruncateView;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sinks.postgres.projection.ProjectionSettings.OnDelete;
import io.pgcdc.sinks.postgres.projection.TableStatements.ExtraColumns;
import io.pgcdc.sinks.postgres.transaction.Applier;
import io.pgcdc.sinks.postgres.transaction.StoppedException;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changes to tables of the target. Merges the changes of each row, and writes many rows with one statement. A new key and a
 * TRUNCATE cannot be merged: all rows before them are written first. For one thread.
 */
final class ProjectionApplier implements Applier {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectionApplier.class);

    /** Number of waiting changes, in all tables together, at which the rows are written. */
    private static final int MOST_CHANGES = 20_000;

    private final String sink;
    private final PlanBuilder builder;
    private final FollowedTables followed;
    private final SeenRows seen;
    private final Refusals refusals;
    private final OnDelete onDelete;
    private final boolean truncates;
    private final ExtraColumns extra;
    private final @Nullable TableName table;
    private @Nullable Connection connection;
    private final PerLayout<Destination> destinations = new PerLayout<>();

    /**
     * The destination that was used last, for each target table. No other destination of the table has waiting rows.
     */
    private final Map<TableName, Destination> waiting = new LinkedHashMap<>();

    private final Truncation truncation;
    private final List<TableName> known = new ArrayList<>();
    private final ForeignKeys foreignKeys = new ForeignKeys();
    private boolean replaying;

    /** Tables that the open transaction has written or created. */
    private final Set<TableName> touched = new HashSet<>();

    /** Tables that the replay left as they are. */
    private final Set<TableName> leftAlone = new HashSet<>();

    private int waitingChanges;
    private long bytes;
    private boolean onSource;

    /** A plan, its statements on this connection, and the waiting rows. */
    private record Destination(TablePlan plan, TableStatements statements, KeyedRows rows) {}

    ProjectionApplier(String sink, SettingValues settings) {
        this.sink = sink;
        builder = new PlanBuilder(sink, settings);
        refusals = new Refusals(sink, builder.creates());
        seen = new SeenRows(sink, settings.get(TargetSettings.POSITION_TABLE));
        followed = new FollowedTables(
                sink,
                new LayoutTable(settings.get(TargetSettings.POSITION_TABLE)),
                !settings.isGiven(ProjectionSettings.TABLE),
                !settings.isGiven(ProjectionSettings.COLUMNS),
                settings.get(TargetSettings.CREATE));
        onDelete = settings.get(ProjectionSettings.ON_DELETE);
        truncates = settings.get(ProjectionSettings.ON_TRUNCATE) == ProjectionSettings.OnTruncate.APPLY;
        extra = new ExtraColumns(
                settings.find(ProjectionSettings.VERSION_COLUMN),
                settings.find(ProjectionSettings.SYNCED_COLUMN),
                settings.find(ProjectionSettings.NEWER_BY),
                settings.get(ProjectionSettings.NEWER_OR_EQUAL));
        truncation = new Truncation(sink, extra);
        table = settings.find(ProjectionSettings.TABLE);
        if (table != null) {
            known.add(table);
        }
    }

    @Override
    public List<TableName> tables() {
        return known;
    }

    @Override
    public void connected(Connection fresh, int sinkId, boolean targetIsSource) throws SQLException {
        connection = fresh;
        followed.connected(fresh, sinkId);
        seen.connected(fresh, sinkId);
        onSource = targetIsSource;
        bytes = 0;
        touched.clear();
        discard();
        TableName one = table;
        if (one != null && TargetTable.read(fresh, one) == null) {
            throw PlanBuilder.missing(one, false);
        }
    }

    private Connection connection() {
        Connection current = connection;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    @Override
    public boolean reconciles() {
        return true;
    }

    @Override
    public ReplayTerms replayTerms(Connection unused, @Nullable Position has) {
        String versions = extra.version() == null ? "" : " Column " + extra.version() + " counts them again.";
        return new ReplayTerms(
                "Rows go back to earlier values while the replay runs, and have their present ones when it is over. Tables without a key"
                        + " are left as they are." + versions,
                "otherwise rows would keep the values of that moment.",
                true,
                truncates,
                has);
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
        leftAlone.clear();
    }

    /** Returns true if the changes of a replay do not concern the table: without a key its rows would be there twice. */
    private boolean isLeftAlone(TablePlan plan) {
        boolean alone = replaying && plan.key().length == 0;
        if (alone && leftAlone.add(plan.target().name())) {
            LOG.warn(
                    "sink {}: {} has no key, so the replay leaves it as it is",
                    sink,
                    plan.target().name());
        }
        return alone;
    }

    @Override
    public boolean take(Change change) throws SQLException {
        Relation relation = change.relation();
        if (relation == null) {
            if (change.kind() != ChangeKind.MESSAGE) {
                throw unknown(change);
            }
            return false;
        }
        TruncateView truncate = change.truncate();
        if (truncate != null) {
            if (truncates && relation.sharesName()) {
                warnOfTruncate(change, relation);
                return false;
            }
            Destination emptied = truncates ? destination(change, relation) : null;
            return emptied != null && !isLeftAlone(emptied.plan()) && truncate(change, truncate, emptied);
        }
        if (change.kind() == ChangeKind.DELETE && onDelete == OnDelete.IGNORE) {
            return false;
        }
        if (!truncation.isEmpty()) {
            truncation.send(connection());
        }
        Destination to = destination(change, relation);
        if (isLeftAlone(to.plan())) {
            return false;
        }
        if (change.kind() == ChangeKind.RECONCILE) {
            reconcile(change, to);
            return true;
        }
        RowChange row = change.row();
        if (row == null) {
            throw unknown(change);
        }
        switch (change.kind()) {
            case INSERT, READ -> insert(change, row, to);
            case UPDATE -> update(change, row, to);
            case DELETE -> delete(change, row, to);
            case TRUNCATE, MESSAGE, SCHEMA, RECONCILE -> throw unknown(change);
        }
        if (++waitingChanges >= MOST_CHANGES) {
            send();
        }
        return true;
    }

    private void warnOfTruncate(Change change, Relation relation) {
        LOG.warn(
                "sink {}: TRUNCATE of {} at {} is not applied, because {} has rows of other tables of that name, too. The rows of {} stay"
                        + " there. Delete them by hand, or use DELETE at the source.",
                sink,
                relation.atSource(),
                change.position(),
                builder.target(relation),
                relation.atSource());
    }

    private static boolean begins(Change change) {
        return change.kind() == ChangeKind.RECONCILE && change.snapshot() == SnapshotPlace.FIRST_OF_TABLE;
    }

    private void reconcile(Change change, Destination to) throws SQLException {
        sendRows();
        TablePlan plan = to.plan();
        boolean shared =
                followed.isShared(connection(), plan.relation(), plan.target().name());
        if (begins(change) && shared) {
            LOG.warn(
                    "sink {}: {} has rows of other source tables, so it cannot be reconciled with one of them",
                    sink,
                    plan.target().name());
            return;
        }
        if (begins(change)) {
            seen.begin(connection(), plan, change.position());
            return;
        }
        if (shared) {
            seen.giveUp(
                    connection(),
                    plan.relation(),
                    change.position(),
                    "the target table has got rows of other source tables meanwhile");
            return;
        }
        seen.end(connection(), plan, condition -> switch (onDelete) {
            case DELETE -> to.statements().deleteWhere(condition);
            case SOFT -> to.statements().markDeletedWhere(condition, change);
            case IGNORE -> 0;
        });
    }

    private static IllegalStateException unknown(Change change) {
        return new IllegalStateException("no rule for a " + change.kind() + " in a table");
    }

    @SuppressWarnings("ReferenceEquality") // a plan is one object while its layout is in force
    private Destination destination(Change change, Relation relation) throws SQLException {
        Destination destination = destinations.find(relation);
        if (destination == null) {
            forget(relation);
            requireOtherTable(relation);
            TablePlan plan = plan(change, relation);
            destination = new Destination(
                    plan,
                    new TableStatements(connection(), plan, extra),
                    new KeyedRows(plan.keyTexts(), extra.newerBy() != null, plan.insertsAreNew() && !replaying));
            destinations.put(relation, destination);
            if (!begins(change)) {
                seen.compare(connection(), plan, change.position());
            }
        }
        TableName target = destination.plan().target().name();
        Destination last = waiting.get(target);
        if (last == null || last.plan() != destination.plan()) {
            useInstead(target, last, destination);
        }
        if (destination.rows().isEmpty()) {
            touched.add(target);
        }
        return destination;
    }

    /**
     * Returns the plan of the change's layout.
     *
     * @throws StoppedException if a person must act on the table first. The sink then commits all transactions before the change
     */
    private TablePlan plan(Change change, Relation relation) throws SQLException {
        try {
            if (!replaying) { // the table has its present form: the terms of a replay require it
                followed.follow(
                        connection(), relation, builder.target(relation), builder.usedColumns(), change.position());
            }
            return builder.build(connection(), relation);
        } catch (StoppedException e) {
            throw e;
        } catch (SinkException e) {
            throw new StoppedException(e.code(), sink, change.position(), String.valueOf(e.getMessage()));
        }
    }

    private void requireOtherTable(Relation relation) {
        TableName target = builder.target(relation);
        if (onSource && target.equals(new TableName(relation.schema(), relation.name()))) {
            throw new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\" would write changes of " + target
                            + " into that table itself, because its target is the source. Name another table with schema or"
                            + " table, or write another url.");
        }
    }

    /** Forgets the layouts that this one replaces. Writes the waiting rows first. */
    private void forget(Relation relation) throws SQLException {
        List<Destination> gone = destinations.remove(relation);
        if (!gone.isEmpty()) {
            try {
                sendRows();
            } finally {
                gone.forEach(destination -> destination.statements().close());
            }
        }
    }

    /**
     * Makes {@code next} the target table's destination. First writes the rows of the last one, which has another layout or another
     * source table.
     */
    private void useInstead(TableName target, @Nullable Destination last, Destination next) throws SQLException {
        if (last != null && !last.rows().isEmpty()) {
            sendRows();
        }
        waiting.put(target, next);
        if (!known.contains(target)) {
            known.add(target);
        }
    }

    private void insert(Change change, RowChange row, Destination to) throws SQLException {
        Texts values = to.plan().values(change, Objects.requireNonNull(row.newRow()));
        bytes += values.bytes();
        byte[][] key = key(change, to.plan(), values, null);
        makeWay(to, key, change.kind());
        if (change.kind() == ChangeKind.READ) {
            to.rows().read(key, values, change.snapshot() == SnapshotPlace.INCREMENTAL);
        } else {
            to.rows().insert(key, values);
        }
    }

    /** Writes the waiting rows if {@link KeyedRows#mustGoFirst} requires that. */
    private void makeWay(Destination to, byte[][] key, ChangeKind kind) throws SQLException {
        if (to.rows().mustGoFirst(key, kind)) {
            send();
        }
    }

    private void update(Change change, RowChange row, Destination to) throws SQLException {
        TablePlan plan = to.plan();
        refusals.requireKey(change, plan);
        Texts values = plan.values(change, Objects.requireNonNull(row.newRow()));
        if (plan.lacksRow(values)) {
            throw refusals.refused(
                    change,
                    "$row needs all values, but an unchanged value that is stored out of line was not sent",
                    Refusals.replicaIdentityFull(plan) + ".");
        }
        byte @Nullable [][] oldKey = plan.oldKey(row);
        if (row.oldRow() == null && plan.keyIsIdentity()) {
            oldKey = null; // the server sends the old key if it changed
        } else if (oldKey == null) {
            throw refusals.unknownKey(change, plan);
        }
        byte[][] key = key(change, plan, values, oldKey);
        bytes += values.bytes();
        boolean separately = extra.newerBy() != null && values.anyAbsent();
        if (oldKey != null && !Arrays.deepEquals(oldKey, key)) {
            refusals.requireKeyCanChange(change, plan);
            changeKey(to, oldKey, key, values, change.duringSnapshot());
        } else if (separately) {
            send();
            to.rows().update(key, values, change.duringSnapshot());
            send();
        } else {
            makeWay(to, key, ChangeKind.UPDATE);
            to.rows().update(key, values, change.duringSnapshot());
        }
    }

    /** Changes a row's key. Writes all waiting rows first, because the new key may be one that another row had before. */
    private void changeKey(Destination to, byte[][] oldKey, byte[][] key, Texts values, boolean mayBeMissing)
            throws SQLException {
        send();
        to.rows().update(key, values, mayBeMissing);
        KeyedRows.Row row = to.rows().ordered().get(0);
        if (onDelete != OnDelete.DELETE) {
            to.statements().clearWay(oldKey, row, to.plan().isDeleted());
        }
        if (replaying) {
            // the row is there under its old key again, and under its new one still
            to.statements().clearWay(oldKey, row, to.statements().oldRowExists());
        }
        if (to.statements().changeKey(oldKey, row)) {
            seen.add(connection(), to.statements(), to.plan(), List.of(row));
            to.rows().clear();
        } else {
            send(); // the row is new in the target
        }
    }

    private void delete(Change change, RowChange row, Destination to) throws SQLException {
        TablePlan plan = to.plan();
        refusals.requireKey(change, plan);
        byte @Nullable [][] key = plan.oldKey(row);
        if (key == null) {
            throw refusals.unknownKey(change, plan);
        }
        if (onDelete == OnDelete.SOFT) {
            makeWay(to, key, ChangeKind.UPDATE);
            to.rows().update(key, plan.deletedValues(change, key), true);
        } else {
            makeWay(to, key, ChangeKind.DELETE);
            to.rows().delete(key);
        }
    }

    private boolean truncate(Change change, TruncateView truncate, Destination to) throws SQLException {
        sendRows();
        truncation.add(to.plan(), change, truncate);
        return true;
    }

    /**
     * Returns the key of a new row. Takes values that the source did not send from the old key, and sets them in {@code values}.
     *
     * @throws io.pgcdc.sink.RefusedChangeException if a key column is null or was not sent
     */
    private byte[][] key(Change change, TablePlan plan, Texts values, byte @Nullable [] @Nullable [] oldKey) {
        int[] fields = plan.key();
        byte[][] key = new byte[fields.length][];
        for (int i = 0; i < fields.length; i++) {
            if (values.isAbsent(fields[i]) && oldKey != null) {
                values.set(fields[i], oldKey[i]);
            }
            byte[] value = values.get(fields[i]);
            if (value == null || values.isAbsent(fields[i])) {
                throw refusals.refused(
                        change,
                        "its key column " + plan.fields().get(fields[i]).column()
                                + (value == null ? " is null" : " was not sent"),
                        "Write key, with columns that are never null and always sent.");
            }
            key[i] = value;
        }
        return key;
    }

    @Override
    public void send() throws SQLException {
        if (!truncation.isEmpty()) {
            truncation.send(connection());
        }
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
        return foreignKeys.order(connection(), names).stream().map(waiting::get).toList();
    }

    /** Writes the waiting rows in the order of foreign keys, then runs the deletes in reverse order. */
    private void sendRows() throws SQLException {
        List<Destination> order = ordered();
        List<List<KeyedRows.Row>> rows = new ArrayList<>();
        for (Destination destination : order) {
            List<KeyedRows.Row> ordered = destination.rows().ordered();
            rows.add(ordered);
            destination.statements().write(ordered);
            seen.add(connection(), destination.statements(), destination.plan(), ordered);
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            order.get(i)
                    .statements()
                    .delete(rows.get(i).stream()
                            .filter(row -> row.op() == KeyedRows.RowOp.DELETE)
                            .toList());
            order.get(i).rows().clear();
        }
        waitingChanges = 0;
    }

    /** Handles a rollback. Tables that the transaction created may be gone, so all tables are read again. */
    @Override
    public void discard() {
        destinations.clear().forEach(destination -> destination.statements().close());
        waiting.clear();
        waitingChanges = 0;
        truncation.clear();
        foreignKeys.forget();
        followed.discard();
        seen.discard();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int touched() {
        return touched.size();
    }

    @Override
    public boolean refused(Change change) throws SQLException {
        return seen.refused(connection(), change);
    }

    @Override
    public void beforeCommit(Position last) {
        seen.beforeCommit(last);
    }

    @Override
    public boolean settled() {
        bytes = 0;
        touched.clear();
        followed.committed();
        seen.settled();
        return true;
    }

    @Override
    public @Nullable String destination(Change change) {
        Relation relation = change.relation();
        return relation == null ? null : "table " + builder.target(relation);
    }
}
