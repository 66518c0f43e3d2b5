package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.transaction.StoppedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects alterations of source tables for which the stream contains no row. Makes the same alteration in the target, if source and
 * target are equal afterwards. Otherwise it throws an error with the SQL that makes them equal. {@link LayoutTable} stores the known
 * layouts in the target and commits them with the rows, so a restart loses none. For one thread.
 */
final class FollowedTables {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedTables.class);

    private final String sink;
    private final LayoutTable stored;
    private final boolean create;

    /** The sink's layouts, by pg_class.oid at the source. Null if they must be read first. */
    private @Nullable Map<Integer, KnownLayout> layouts;

    /**
     * The layouts at the last commit. For a table that the sink saw later, the first layout. The target's tables are never older than
     * these. Used only if layouts are not stored.
     */
    private Map<Integer, KnownLayout> oldest = new HashMap<>();

    /** True if a table of the target, or a known layout, changed since the last commit. */
    private boolean altered;

    private Map<Integer, String> accepted = new HashMap<>();
    private final Set<Integer> warnedOfPartitions = new HashSet<>();
    private int sinkId;
    private boolean durable;
    private boolean warned;

    /**
     * Creates it without known tables.
     *
     * @param create true if the target may be altered
     */
    FollowedTables(String sink, LayoutTable stored, boolean create) {
        this.sink = sink;
        this.stored = stored;
        this.create = create;
    }

    /**
     * What the sink makes of a source table's rows.
     *
     * @param target the target of the rows
     * @param replica true if each table of the source has its own target table
     * @param sameColumns true if columns of the target have the source's names
     * @param columns names of the source columns that the target uses; null for all
     */
    record Use(
            TableName target,
            boolean replica,
            boolean sameColumns,
            @Nullable Set<String> columns) {

        /** Returns true if the target uses a column that the change is about. */
        boolean concerns(LayoutChange change) {
            Set<String> used = columns;
            return used == null
                    || used.contains(change.column())
                    || (change.detail() != null && used.contains(change.detail()));
        }
    }

    /** Starts to use a new connection. */
    void connected(Connection connection, int id) throws SQLException {
        sinkId = id;
        if (create) {
            stored.create(connection);
        }
        durable = stored.isUsable(connection);
        if (!durable && !warned) {
            warned = true;
            LOG.warn(
                    "sink {}: alterations at the source cannot be detected while cdc does not run: the table that stores"
                            + " layouts does not exist, or the sink's role may not use it. In the target, as its owner: {}",
                    sink,
                    stored.grantedSql(connection));
        }
        layouts = durable ? null : new HashMap<>(oldest);
        altered = false;
        oldest = new HashMap<>(layouts(connection));
        oldest.values().forEach(this::warnOfPartitions);
    }

    /** Handles a rollback: alterations since the last commit may be lost. */
    void discard() {
        if (altered) {
            // if the open transaction still contains an alteration, the target shows it
            layouts = durable ? null : new HashMap<>(oldest);
        }
    }

    /** Handles a commit. */
    void committed() {
        Map<Integer, KnownLayout> known = layouts;
        if (altered && known != null) {
            oldest = new HashMap<>(known);
        }
        altered = false;
    }

    /** Returns true if the target table gets rows of other source tables, too. */
    boolean isShared(Connection connection, Relation relation, TableName target) throws SQLException {
        return layouts(connection).values().stream()
                .anyMatch(known ->
                        known.relation() != relation.oid() && known.target().equals(target));
    }

    private Map<Integer, KnownLayout> layouts(Connection connection) throws SQLException {
        Map<Integer, KnownLayout> known = layouts;
        if (known == null) {
            if (durable) {
                LayoutTable.Stored read = stored.read(connection, sinkId);
                known = read.layouts();
                accepted = read.accepted();
            } else {
                known = new HashMap<>();
            }
            layouts = known;
        }
        return known;
    }

    /**
     * Prepares the target for a layout, before its first row.
     *
     * @param uses one or more; the target of the first is stored with the layout
     * @param at the position of the row
     * @throws StoppedException REPLICA_DIVERGES, PARTITIONS_RENAMED
     */
    void follow(Connection connection, Relation relation, List<Use> uses, Position at) throws SQLException {
        Use use = uses.get(0);
        Map<Integer, KnownLayout> known = layouts(connection);
        KnownLayout now = KnownLayout.of(relation, use.target());
        KnownLayout before = known.get(now.relation());
        boolean fit = now.fingerprint().equals(accepted.get(now.relation()));
        KnownLayout kept = before != null && !fit && !(before.isKnown() && now.isKnown()) && before.looksLike(now)
                ? now.withHistoryOf(before)
                : now;
        if (before != null && kept.asStored().equals(before.asStored())) {
            return;
        }
        altered = true;
        Remedy remedy = new Remedy(relation, relation.atSource(), durable ? stored.acceptSql(sinkId, now) : "");
        if (before == null) {
            takeIn(connection, known, relation, now, use.replica(), fit, remedy, at);
            warnOfPartitions(now);
        } else if (!fit) {
            List<LayoutChange> changes = LayoutChange.between(before, now).stream()
                    .filter(change -> !relation.sharesName() || !cameFromNamesake(change, now, known.values()))
                    .toList();
            String undone = move(connection, known, relation, before, now, use, remedy);
            for (Use one : uses) {
                if (undone == null) {
                    TargetDdl ddl = new TargetDdl(sink, one.sameColumns(), create && one.replica());
                    List<LayoutChange> concerned =
                            changes.stream().filter(one::concerns).toList();
                    undone = ddl.alter(connection, relation, now.withTarget(one.target()), concerned, remedy);
                }
            }
            if (undone != null) {
                throw stop(ErrorCode.REPLICA_DIVERGES, at, undone);
            }
        }
        keep(connection, known, kept);
    }

    /** Returns true if the target got the added column from another table that shares the name. */
    private static boolean cameFromNamesake(LayoutChange change, KnownLayout now, Collection<KnownLayout> known) {
        return change.kind() == LayoutChange.Kind.ADDED
                && known.stream()
                        .filter(other -> other.relation() != now.relation()
                                && other.source().equals(now.source())
                                && other.target().equals(now.target()))
                        .flatMap(other -> other.columns().stream())
                        .anyMatch(column -> column.name().equals(change.column()));
    }

    /** Moves the rows where the source table's new name says. Returns what a person must do; null: nothing. */
    private @Nullable String move(
            Connection connection,
            Map<Integer, KnownLayout> known,
            Relation relation,
            KnownLayout before,
            KnownLayout now,
            Use use,
            Remedy remedy)
            throws SQLException {
        TargetDdl ddl = new TargetDdl(sink, use.sameColumns(), create && use.replica());
        if (relation.sharesName()) {
            return ddl.merge(connection, before, now, remedy).undone();
        }
        if (before.source().equals(now.source()) && !before.isMovedAside()) {
            return null; // the settings name another target, or other mappings come first
        }
        TargetDdl.Moved moved = ddl.move(
                connection,
                before,
                now,
                known.values(),
                other -> durable ? stored.movedSql(sinkId, other) : "",
                remedy);
        if (moved.other() != null) {
            keep(connection, known, moved.other());
        }
        return moved.undone();
    }

    private void keep(Connection connection, Map<Integer, KnownLayout> known, KnownLayout layout) throws SQLException {
        known.put(layout.relation(), layout);
        oldest.putIfAbsent(layout.relation(), layout);
        if (durable) {
            stored.write(connection, sinkId, layout);
        }
    }

    /**
     * Adds a table that the sink sees for the first time. Stops if the target has its rows from a table with another oid, unless a
     * person accepted the layout.
     *
     * @param fit true if a person accepted the layout
     */
    private void takeIn(
            Connection connection,
            Map<Integer, KnownLayout> known,
            Relation relation,
            KnownLayout now,
            boolean replica,
            boolean fit,
            Remedy remedy,
            Position at)
            throws SQLException {
        for (KnownLayout other : List.copyOf(known.values())) {
            boolean sameSource = other.source().equals(now.source());
            if (sameSource && relation.sharesName()) {
                continue; // another shard, or an earlier table of this shard's name: their rows are together
            }
            boolean sameTarget = other.target().equals(now.target()) && (replica || sameSource);
            boolean partOf = now.root() == other.relation() && other.partitioned();
            boolean hasPart = other.root() == now.relation() && now.partitioned();
            if (!sameTarget && !partOf && !hasPart) {
                continue;
            }
            if (fit) {
                known.remove(other.relation());
                if (durable) {
                    stored.delete(connection, sinkId, other.relation());
                }
            } else if (sameTarget) {
                String what = sameSource
                        ? "source table " + now.source() + " is now a different table. "
                        : "source tables " + other.source() + " and " + now.source() + " both go to " + now.target()
                                + ". To keep both, exclude one with exclude_tables. ";
                throw stop(
                        ErrorCode.REPLICA_DIVERGES,
                        at,
                        what
                                + (replica
                                        ? movedAside(connection, relation, other, remedy)
                                        : sharing(known.values(), other, remedy)));
            } else {
                throw stop(
                        ErrorCode.PARTITIONS_RENAMED,
                        at,
                        "rows of " + (partOf ? other.source() + " arrive under the name of its partition " : "")
                                + now.source()
                                + (partOf
                                        ? ""
                                        : " arrive under its name, but arrived under its partitions' names before")
                                + (partOf ? ", but arrived under its own before" : "")
                                + ": publish_via_partition_root was changed, or the publication lists another table of the"
                                + " tree. To continue, "
                                + remedy.sentBy(partOf && !relation.sharesName() ? other.source() : relation.atSource())
                                        .emptied(
                                                partOf
                                                        ? List.of(other.target())
                                                        : known.values().stream()
                                                                .filter(o -> o.root() == now.relation())
                                                                .map(KnownLayout::target)
                                                                .sorted(java.util.Comparator.comparing(TableName::sql))
                                                                .toList(),
                                                List.of()));
            }
        }
    }

    /**
     * Returns the remedy that renames the target table of {@code other} and keeps its rows. The stream does not tell if that source
     * table was dropped or renamed.
     */
    private String movedAside(Connection connection, Relation relation, KnownLayout other, Remedy remedy)
            throws SQLException {
        KnownLayout aside = other.movedAside();
        List<String> sql = new ArrayList<>();
        sql.add("ALTER TABLE IF EXISTS " + other.target().sql() + " RENAME TO "
                + Quoted.identifier(aside.target().name()));
        if (durable) {
            sql.add(stored.movedSql(sinkId, aside));
        }
        if (!create) {
            sql.add(PlanBuilder.createSql(
                    new TargetTypes(connection, other.target().schema(), false), relation, other.target()));
        }
        return found(other) + "The target keeps its rows in " + aside.target()
                + " until a row arrives under its new name. If it was dropped, you can drop " + aside.target()
                + " there afterwards. " + remedy.overwritten(sql);
    }

    /** Returns the remedy for a target table with rows of several source tables. A row does not tell its source table. */
    private static String sharing(Collection<KnownLayout> known, KnownLayout other, Remedy remedy) {
        boolean shared = known.stream()
                .anyMatch(layout ->
                        layout.relation() != other.relation() && layout.target().equals(other.target()));
        String rows = found(other) + "Its rows are still in " + other.target() + ". ";
        return shared
                ? rows + "Delete the unwanted rows there by hand. " + remedy.overwritten(List.of())
                : rows + "If it was dropped: " + remedy.emptied(List.of(other.target()), List.of())
                        + " To keep its rows: " + remedy.overwritten(List.of());
    }

    private static String found(KnownLayout other) {
        return "On the source, SELECT " + Integer.toUnsignedString(other.relation())
                + "::regclass shows the current name of the earlier table, or only the number if it was dropped. ";
    }

    private void warnOfPartitions(KnownLayout layout) {
        if (layout.partitioned() && warnedOfPartitions.add(layout.relation())) {
            LOG.warn(
                    "sink {}: {} is a partitioned table. No server sends which rows a TRUNCATE of one partition removes, or"
                            + " which rows ATTACH and DETACH of a partition add and remove. Such rows stay unchanged in {}. Use DELETE"
                            + " instead, or make the same change there.",
                    sink,
                    layout.source(),
                    layout.target());
        }
    }

    private StoppedException stop(ErrorCode code, Position at, String what) {
        return new StoppedException(code, sink, at, what);
    }
}
