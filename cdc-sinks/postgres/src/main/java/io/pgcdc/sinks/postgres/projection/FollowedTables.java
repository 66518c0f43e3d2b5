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
 * Notices what was altered at the source without a row being sent: does the same in the target where that makes both equal again, and stops
 * where it cannot, with the SQL that does. What it knows of a table stands in the target and is committed with the rows ({@link
 * LayoutTable}), so that a restart makes no difference. One thread.
 */
final class FollowedTables {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedTables.class);

    private final String sink;
    private final LayoutTable stored;
    private final TargetDdl ddl;
    private final boolean replica;
    private final boolean create;

    /** Of the sink, by oid; null: to be read. */
    private @Nullable Map<Integer, KnownLayout> layouts;

    /** As of the last commit, and of other tables as they were met first: what is in the target is not older. Counts where they are not kept. */
    private Map<Integer, KnownLayout> oldest = new HashMap<>();

    /** Since the last commit, in the target or in what is known of it. */
    private boolean altered;

    private Map<Integer, String> accepted = new HashMap<>();
    private final Set<Integer> warnedOfPartitions = new HashSet<>();
    private int sinkId;
    private boolean durable;
    private boolean warned;

    /**
     * Nothing is known yet.
     *
     * @param replica each table of the source has one of its own
     * @param sameColumns columns of the target have the names of the source's
     * @param create the target may be altered
     */
    FollowedTables(String sink, LayoutTable stored, boolean replica, boolean sameColumns, boolean create) {
        this.sink = sink;
        this.stored = stored;
        this.replica = replica;
        this.create = create;
        this.ddl = new TargetDdl(sink, sameColumns, create && replica);
    }

    /** On a new connection. */
    void connected(Connection connection, int id) throws SQLException {
        sinkId = id;
        if (create) {
            stored.create(connection);
        }
        durable = stored.isUsable(connection);
        if (!durable && !warned) {
            warned = true;
            LOG.warn(
                    "sink {}: what is altered at the source while cdc does not run cannot be noticed, for there is no table to remember"
                            + " layouts in, or the sink's role may not use it. In the target, as its owner: {}",
                    sink,
                    stored.grantedSql(connection));
        }
        layouts = durable ? null : new HashMap<>(oldest);
        altered = false;
        oldest = new HashMap<>(layouts(connection));
        oldest.values().forEach(this::warnOfPartitions);
    }

    /** What was done since the last commit may be gone. */
    void discard() {
        if (altered) {
            // what a part of the transaction that stands has done is found to be done
            layouts = durable ? null : new HashMap<>(oldest);
        }
    }

    /** What was done until now stays. */
    void committed() {
        Map<Integer, KnownLayout> known = layouts;
        if (altered && known != null) {
            oldest = new HashMap<>(known);
        }
        altered = false;
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
     * Before the first row of a layout.
     *
     * @param target where the table's rows go
     * @param used the columns that the target is made of; null: all
     * @throws StoppedException REPLICA_DIVERGES, PARTITIONS_RENAMED
     */
    void follow(Connection connection, Relation relation, TableName target, @Nullable Set<String> used, Position at)
            throws SQLException {
        Map<Integer, KnownLayout> known = layouts(connection);
        KnownLayout now = KnownLayout.of(relation, target);
        KnownLayout before = known.get(now.relation());
        boolean fit = now.fingerprint().equals(accepted.get(now.relation()));
        KnownLayout kept = before != null && !fit && !(before.isKnown() && now.isKnown()) && before.looksLike(now)
                ? now.withHistoryOf(before)
                : now;
        if (before != null && kept.asStored().equals(before.asStored())) {
            return;
        }
        altered = true;
        Remedy remedy = new Remedy(relation, now.source(), durable ? stored.acceptSql(sinkId, now) : "");
        if (before == null) {
            takeIn(connection, known, relation, now, fit, remedy, at);
            warnOfPartitions(now);
        } else if (!fit) {
            List<LayoutChange> changes = LayoutChange.between(before, now).stream()
                    .filter(change -> used == null
                            || used.contains(change.column())
                            || (change.detail() != null && used.contains(change.detail())))
                    .toList();
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
            String undone = moved.undone();
            if (undone == null) {
                undone = ddl.alter(connection, relation, now, changes, remedy);
            }
            if (undone != null) {
                throw stop(ErrorCode.REPLICA_DIVERGES, at, undone);
            }
        }
        keep(connection, known, kept);
    }

    private void keep(Connection connection, Map<Integer, KnownLayout> known, KnownLayout layout) throws SQLException {
        known.put(layout.relation(), layout);
        oldest.putIfAbsent(layout.relation(), layout);
        if (durable) {
            stored.write(connection, sinkId, layout);
        }
    }

    /** A table that is met for the first time must not be one that was met under another number. */
    private void takeIn(
            Connection connection,
            Map<Integer, KnownLayout> known,
            Relation relation,
            KnownLayout now,
            boolean fit,
            Remedy remedy,
            Position at)
            throws SQLException {
        for (KnownLayout other : List.copyOf(known.values())) {
            boolean sameSource = other.source().equals(now.source());
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
                        ? "source table " + now.source() + " is another table than before. "
                        : "source tables " + other.source() + " and " + now.source() + " both go to " + now.target()
                                + ". If both are to be kept, leave one out with exclude_tables. ";
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
                        "rows of " + (partOf ? other.source() + " come under the name of its partition " : "")
                                + now.source()
                                + (partOf ? "" : " come under its name, and came under those of its partitions")
                                + (partOf ? ", and came under its own" : "")
                                + ": publish_via_partition_root was changed, or the publication lists another table of the tree. To go on, "
                                + remedy.sentBy(partOf ? other.source() : now.source())
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

    /** Whether it was dropped or renamed, nothing that is sent says; its rows are kept for both cases. */
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
            sql.add(PlanBuilder.createSql(connection, relation, other.target()));
        }
        return found(other) + "The target keeps its rows in " + aside.target()
                + " until a row of it comes under its new name. If it was dropped, you can drop " + aside.target()
                + " there afterwards. " + remedy.overwritten(sql);
    }

    /** One table of the target is made of several: of its rows nobody knows whose they are. */
    private static String sharing(Collection<KnownLayout> known, KnownLayout other, Remedy remedy) {
        boolean shared = known.stream()
                .anyMatch(layout ->
                        layout.relation() != other.relation() && layout.target().equals(other.target()));
        String rows = found(other) + "Its rows are still in " + other.target() + ". ";
        return shared
                ? rows + "Those that are to go must be deleted there by hand. " + remedy.overwritten(List.of())
                : rows + "If it was dropped: " + remedy.emptied(List.of(other.target()), List.of())
                        + " If its rows are to stay: " + remedy.overwritten(List.of());
    }

    private static String found(KnownLayout other) {
        return "On the source, SELECT " + Integer.toUnsignedString(other.relation())
                + "::regclass shows the name that the earlier one has now, or the number alone if it was dropped. ";
    }

    private void warnOfPartitions(KnownLayout layout) {
        if (layout.partitioned() && warnedOfPartitions.add(layout.relation())) {
            LOG.warn(
                    "sink {}: {} is a partitioned table: what TRUNCATE of one of its partitions removes, and what ATTACH and DETACH of a"
                            + " partition with rows bring and take, is sent by no server, and stays as it is in {}. DELETE instead, or"
                            + " do the same there.",
                    sink,
                    layout.source(),
                    layout.target());
        }
    }

    private StoppedException stop(ErrorCode code, Position at, String what) {
        return new StoppedException(code, sink, at, what);
    }
}
