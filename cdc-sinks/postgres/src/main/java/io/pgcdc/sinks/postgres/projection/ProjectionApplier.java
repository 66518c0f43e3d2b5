package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TruncateView;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sinks.filter.Condition;
import io.pgcdc.sinks.filter.RowCondition;
import io.pgcdc.sinks.postgres.projection.ProjectionSettings.OnDelete;
import io.pgcdc.sinks.postgres.transaction.Applier;
import io.pgcdc.sinks.postgres.transaction.StoppedException;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changes to tables of the target: finds out what each change does by each mapping, and has {@link WaitingRows} write that. For one
 * thread.
 */
final class ProjectionApplier implements Applier {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectionApplier.class);

    private final String sink;
    private final List<TableMapping> mappings;
    private final FollowedTables followed;
    private final SeenRows seen;
    private @Nullable Connection connection;
    private @Nullable WaitingRows waiting;

    /** Tables that rows were written to. */
    private final Set<TableName> known = new LinkedHashSet<>();

    private boolean replaying;

    /** Tables that the replay left as they are. */
    private final Set<TableName> leftAlone = new HashSet<>();

    /** What the present change does, by each mapping. */
    private final List<RowEffect> effects = new ArrayList<>();

    private boolean onSource;

    ProjectionApplier(String sink, SettingValues settings) {
        this.sink = sink;
        mappings = TableMapping.of(sink, settings);
        seen = new SeenRows(sink, settings.get(TargetSettings.POSITION_TABLE));
        followed = new FollowedTables(
                sink,
                new LayoutTable(settings.get(TargetSettings.POSITION_TABLE)),
                settings.get(TargetSettings.CREATE));
        for (TableMapping mapping : mappings) {
            TableName table = mapping.table();
            if (table != null) {
                known.add(table);
            }
        }
    }

    @Override
    public List<TableName> tables() {
        return List.copyOf(known);
    }

    @Override
    public void connected(Connection fresh, int sinkId, boolean targetIsSource) throws SQLException {
        connection = fresh;
        followed.connected(fresh, sinkId);
        seen.connected(fresh, sinkId);
        onSource = targetIsSource;
        waiting = new WaitingRows(sink, fresh, seen);
        waiting.replaying(replaying);
        discard();
        for (TableMapping mapping : mappings) {
            TableName table = mapping.table();
            if (table != null && TargetTable.read(fresh, table) == null) {
                SinkException missing = PlanBuilder.missing(table, false);
                throw new SinkException(missing.code(), missing.getMessage() + element(mapping));
            }
        }
    }

    private Connection connection() {
        Connection current = connection;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    /** Completes a message with the element that it is about, if there are several. */
    private String element(TableMapping mapping) {
        return mappings.size() == 1 ? "" : " It is element " + (mapping.number() + 1) + " of mappings.";
    }

    private WaitingRows waiting() {
        WaitingRows current = waiting;
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
        String versions = mappings.stream()
                .map(mapping -> mapping.extra().version())
                .filter(Objects::nonNull)
                .distinct()
                .map(column -> " Column " + column + " counts them again.")
                .collect(Collectors.joining());
        return new ReplayTerms(
                "Rows go back to earlier values while the replay runs, and have their present ones when it is over. Tables without a key"
                        + " are left as they are." + versions,
                "otherwise rows would keep the values of that moment.",
                true,
                mappings.stream().anyMatch(TableMapping::truncates),
                has);
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
        if (waiting != null) {
            waiting.replaying(on);
        }
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
        RowChange row = change.row();
        if (row == null) {
            return takeWithoutRow(change, relation);
        }
        effects.clear();
        for (TableMapping mapping : mappings) {
            if (mapping.takes(relation)
                    && !(change.kind() == ChangeKind.DELETE && mapping.onDelete() == OnDelete.IGNORE)) {
                Destination to = destination(change, relation, mapping);
                RowEffect effect = isLeftAlone(to.plan()) ? null : RowEffect.of(change, row, to);
                if (effect != null) {
                    effects.add(effect);
                }
            }
        }
        waiting().applyAll(effects); // only now, so that a refused change has no effect at all
        return !effects.isEmpty();
    }

    private boolean takeWithoutRow(Change change, Relation relation) throws SQLException {
        boolean taken = false;
        for (TableMapping mapping : mappings) {
            if (!mapping.takes(relation)) {
                continue;
            }
            TruncateView truncate = change.truncate();
            if (truncate == null && change.kind() != ChangeKind.RECONCILE) {
                throw unknown(change);
            }
            if (truncate != null && !mapping.truncates()) {
                continue;
            }
            if (truncate != null && relation.sharesName()) {
                warnOfTruncate(change, relation, mapping);
                continue;
            }
            Destination to = destination(change, relation, mapping);
            if (isLeftAlone(to.plan())) {
                continue;
            }
            if (truncate != null) {
                waiting().truncate(change, truncate, to);
            } else {
                waiting().sendBefore(to);
                reconcile(change, to);
            }
            taken = true;
        }
        return taken;
    }

    private void warnOfTruncate(Change change, Relation relation, TableMapping mapping) {
        LOG.warn(
                "sink {}: TRUNCATE of {} at {} is not applied, because {} has rows of other tables of that name, too. The rows of {} stay"
                        + " there. Delete them by hand, or use DELETE at the source.",
                sink,
                relation.atSource(),
                change.position(),
                mapping.builder().target(relation),
                relation.atSource());
    }

    private static boolean begins(Change change) {
        return change.kind() == ChangeKind.RECONCILE && change.snapshot() == SnapshotPlace.FIRST_OF_TABLE;
    }

    private void reconcile(Change change, Destination to) throws SQLException {
        TablePlan plan = to.plan();
        TableName target = plan.target().name();
        boolean shared = mappings.stream()
                                .filter(m -> target.equals(m.table())
                                        || (m.takes(plan.relation())
                                                && target.equals(m.builder().target(plan.relation()))))
                                .count()
                        > 1
                || followed.isShared(connection(), plan.relation(), target);
        if (begins(change) && to.isAboutChange()) {
            LOG.warn(
                    "sink {}: {} cannot be reconciled: the condition of where is about changes, not about rows",
                    sink,
                    target);
            return;
        }
        if (begins(change) && shared) {
            LOG.warn(
                    "sink {}: {} has rows of other source tables or mappings, so it cannot be reconciled with one of them",
                    sink,
                    target);
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
                    plan.id(),
                    change.position(),
                    "the target table has got rows of other source tables meanwhile");
            return;
        }
        seen.end(connection(), plan, condition -> switch (to.mapping().onDelete()) {
            case DELETE -> to.statements().deleteWhere(condition);
            case SOFT -> to.statements().markDeletedWhere(condition, change);
            case IGNORE -> 0;
        });
    }

    private static IllegalStateException unknown(Change change) {
        return new IllegalStateException("no rule for a " + change.kind() + " in a table");
    }

    private Destination destination(Change change, Relation relation, TableMapping mapping) throws SQLException {
        Destination destination = mapping.destinations().find(relation);
        if (destination == null) {
            forget(relation, mapping);
            requireOtherTable(relation, mapping);
            TablePlan plan = plan(change, relation, mapping);
            RowCondition where = condition(change, relation, mapping);
            destination = new Destination(
                    mapping,
                    plan,
                    new TableStatements(connection(), plan, mapping.extra()),
                    new KeyedRows(
                            plan.keyTexts(),
                            mapping.extra().newerBy() != null,
                            plan.merges(),
                            plan.insertsAreNew() && !replaying),
                    where);
            mapping.destinations().put(relation, destination);
            known.add(plan.target().name());
            if (!begins(change)) {
                seen.compare(connection(), plan, change.position());
            }
        }
        return destination;
    }

    /**
     * Returns the plan of the change's layout.
     *
     * @throws StoppedException if a person must act on the table first. The sink then commits all transactions before the change
     */
    private TablePlan plan(Change change, Relation relation, TableMapping mapping) throws SQLException {
        try {
            if (!replaying) { // the table has its present form: the terms of a replay require it
                followed.follow(connection(), relation, uses(relation), change.position());
            }
            return mapping.builder().build(connection(), relation);
        } catch (StoppedException e) {
            throw e;
        } catch (SinkException e) {
            throw new StoppedException(e.code(), sink, change.position(), e.getMessage() + element(mapping));
        }
    }

    /**
     * Returns the condition for the change's layout, or null.
     *
     * @throws StoppedException if the layout lacks a column that it names
     */
    private @Nullable RowCondition condition(Change change, Relation relation, TableMapping mapping) {
        Condition where = mapping.where();
        try {
            return where == null ? null : where.of(relation, sink);
        } catch (SinkException e) {
            throw new StoppedException(e.code(), sink, change.position(), e.getMessage() + element(mapping));
        }
    }

    /** Returns what the mappings make of a source table. The one that gives it a table of its own is the first. */
    private List<FollowedTables.Use> uses(Relation relation) {
        List<FollowedTables.Use> uses = new ArrayList<>();
        for (TableMapping mapping : mappings) {
            if (mapping.takes(relation)) {
                uses.add(
                        mapping.table() == null ? 0 : uses.size(),
                        new FollowedTables.Use(
                                mapping.builder().target(relation),
                                mapping.table() == null,
                                mapping.hasSameColumns(),
                                mapping.usedColumns()));
            }
        }
        return uses;
    }

    private void requireOtherTable(Relation relation, TableMapping mapping) {
        TableName target = mapping.builder().target(relation);
        if (onSource && target.equals(new TableName(relation.schema(), relation.name()))) {
            throw new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\" would write changes of " + target
                            + " into that table itself, because its target is the source. Name another table with schema or"
                            + " table, or write another url.");
        }
    }

    /** Forgets the layouts that this one replaces. Writes the waiting rows first. */
    private void forget(Relation relation, TableMapping mapping) throws SQLException {
        List<Destination> gone = mapping.destinations().remove(relation);
        if (!gone.isEmpty()) {
            try {
                waiting().sendRows();
            } finally {
                gone.forEach(destination -> destination.statements().close());
            }
        }
    }

    @Override
    public void send() throws SQLException {
        waiting().send();
    }

    /** Handles a rollback. Tables that the transaction created may be gone, so all tables are read again. */
    @Override
    public void discard() {
        for (TableMapping mapping : mappings) {
            mapping.destinations()
                    .clear()
                    .forEach(destination -> destination.statements().close());
        }
        if (waiting != null) {
            waiting.clear();
        }
        followed.discard();
        seen.discard();
    }

    @Override
    public long bytes() {
        return waiting().bytes();
    }

    @Override
    public int touched() {
        return waiting().touched().size();
    }

    @Override
    public boolean refused(Change change) throws SQLException {
        return seen.refused(connection(), change, mappings.size());
    }

    @Override
    public void beforeCommit(Position last) {
        seen.beforeCommit(last);
    }

    @Override
    public boolean settled() {
        waiting().committed();
        followed.committed();
        seen.settled();
        return true;
    }

    @Override
    public @Nullable String destination(Change change) {
        Relation relation = change.relation();
        if (relation == null) {
            return null;
        }
        String tables = mappings.stream()
                .filter(mapping -> mapping.takes(relation))
                .map(mapping -> mapping.builder().target(relation).toString())
                .distinct()
                .collect(Collectors.joining(", "));
        return tables.isEmpty() ? null : "table " + tables;
    }
}
