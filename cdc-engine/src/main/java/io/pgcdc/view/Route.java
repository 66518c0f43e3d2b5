package io.pgcdc.view;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.Membership;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableFacts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Selects what one sink sees of the stream, and how. The decision is made once per layout of a table. If no column is left out or
 * masked, the change is passed on unchanged. One delivery thread.
 *
 * <p>pgoutput does not say through which publication a change came. The table's memberships at the time of its layout decide. If
 * they cannot decide, the sink stops, because a guess could lose or leak data.
 */
public final class Route {

    private static final Logger LOG = LoggerFactory.getLogger(Route.class);

    private final String sink;
    private final RouteConfig config;
    private final boolean byPublication;

    private final LayoutHistory history;

    private final PerLayout<TableRoute> tables = new PerLayout<>();

    /** Oids of tables of which the sink got changes since the start. */
    private final Set<Integer> gotFrom = new HashSet<>();

    /** Creates a route that shows everything. */
    public Route() {
        this("", RouteConfig.EVERYTHING, List.of(), LayoutHistory.NONE);
    }

    public Route(String sink, RouteConfig config, List<String> slotPublications, LayoutHistory history) {
        this.sink = sink;
        this.config = config;
        this.byPublication = config.isPartOf(slotPublications);
        this.history = history;
    }

    /** Returns the name of the sink. */
    public String sink() {
        return sink;
    }

    /**
     * Returns the change as the sink sees it, or null if it does not. A flyweight like the change itself.
     *
     * @throws SinkException if that cannot be decided
     */
    @Nullable
    public Change apply(Change change) {
        if (config.origins() == OriginFilter.LOCAL && change.origin() != null) {
            return null;
        }
        Relation relation = change.relation();
        if (relation == null) {
            MessageView message = change.message();
            if (message == null) {
                throw new IllegalStateException("no rule for a " + change.kind() + " without a table");
            }
            if (message.prefix().equals(config.orders())) {
                return change;
            }
            return byPublication || !config.tables().isEmpty() ? null : change;
        }
        TableRoute route = table(relation);
        if (route.unknown(change.kind())) {
            throw new SinkException(
                    ErrorCode.ROUTE_UNKNOWN,
                    "sink " + sink + ": through which publication " + change.kind() + " of " + relation.qualifiedName()
                            + " at " + change.position()
                            + " came is not known, because none published it when its layout was read. List the sink's tables"
                            + " under tables instead of publications until the sink has passed that change.");
        }
        return route.apply(change);
    }

    /** Returns true if each change of the table's rows reaches the sink: what the sink has got says which rows exist. */
    public boolean takesAll(Relation relation) {
        if (config.origins() != OriginFilter.ANY) {
            return false;
        }
        List<Membership> mine = relation.publications().stream()
                .filter(m -> config.publications().contains(m.publication()))
                .toList();
        return !byPublication || kinds(mine).equals(kinds(relation.publications()));
    }

    private TableRoute table(Relation relation) {
        TableRoute table = tables.find(relation);
        if (table == null) {
            table = route(relation);
            tables.put(relation, table);
            if (takes(relation) && gotFrom.add(relation.oid()) && isOfATree(relation)) {
                tables.removeIf(other -> other == TableRoute.NOTHING); // its rows may now arrive under another name
            }
        }
        return table;
    }

    private TableRoute route(Relation relation) {
        if (!takes(relation)) {
            if (config.excludeTables().stream().noneMatch(t -> t.matches(relation.schema(), relation.name()))) {
                requireNotMissed(relation);
            }
            return TableRoute.NOTHING;
        }
        Set<ChangeKind> taken = EnumSet.allOf(ChangeKind.class);
        Set<ChangeKind> known = EnumSet.allOf(ChangeKind.class);
        if (byPublication) {
            List<Membership> mine = relation.publications().stream()
                    .filter(m -> config.publications().contains(m.publication()))
                    .toList();
            requireAlike(relation, mine);
            taken = kinds(mine);
            known = kinds(relation.publications());
        }
        return new TableRoute(taken, known, view(relation));
    }

    private static boolean isOfATree(Relation relation) {
        TableFacts facts = relation.facts();
        return facts != null && (facts.partitioned() || facts.root() != null);
    }

    private boolean takes(Relation relation) {
        return config.takes(relation.schema(), relation.name());
    }

    /** Checks that a table of the sink does not become silent because its rows arrive under another name. */
    private void requireNotMissed(Relation relation) {
        TableFacts facts = relation.facts();
        TableFacts.Root root = facts == null ? null : facts.root();
        boolean rootTaken = root != null && config.takes(root.schema(), root.name());
        boolean ofATree = rootTaken || (facts != null && facts.partitioned());
        for (Relation other : ofATree ? history.all() : List.<Relation>of()) {
            TableFacts theirs = other.facts();
            TableFacts.Root otherRoot = theirs == null ? null : theirs.root();
            if (rootTaken && root != null && other.oid() == root.oid()) {
                missed(relation, other, "which came under the name " + other.qualifiedName());
            } else if (otherRoot != null && otherRoot.oid() == relation.oid() && takes(other)) {
                missed(relation, other, "which came under the names of its partitions");
            }
        }
        Relation old = history.before(relation);
        if (old != null && takes(old)) {
            LOG.warn(
                    "sink {}: table {} is now called {}, which is not listed under tables: its changes no longer reach the"
                            + " sink. Add the new name if they should.",
                    sink,
                    old.qualifiedName(),
                    relation.qualifiedName());
        }
    }

    /**
     * Fails, or only warns. A layout that comes back has its old version, so only this run's own history proves that the other one
     * was in force before.
     */
    private void missed(Relation relation, Relation other, String before) {
        String message = "sink " + sink + ": rows come under the name " + relation.qualifiedName() + ", " + before
                + ", and the sink's tables do not list it: publish_via_partition_root was changed. Add "
                + relation.qualifiedName()
                + " to tables, or exclude it with exclude_tables, until the sink has passed these rows. To restore the old"
                + " names, run on the source: ALTER PUBLICATION name SET (publish_via_partition_root = "
                + (relation.facts() != null && relation.facts().partitioned() ? "false" : "true") + ").";
        if (other.version() < relation.version() || gotFrom.contains(other.oid())) {
            throw new SinkException(ErrorCode.PARTITIONS_RENAMED, message);
        }
        LOG.warn("{} If these rows are older than the others, no row is missed.", message);
    }

    /**
     * The server ORs the row filters of several publications and joins their columns. The rows of only some publications cannot be
     * told apart then.
     */
    private void requireAlike(Relation relation, List<Membership> mine) {
        List<Membership> all = relation.publications();
        long forms = all.stream().map(Route::form).distinct().count();
        if (forms > 1 && !mine.isEmpty() && mine.size() < all.size()) {
            throw new SinkException(
                    ErrorCode.ROUTE_CONFLICT,
                    "sink " + sink + ": table " + relation.qualifiedName() + " is in publications "
                            + String.join(
                                    ", ",
                                    all.stream().map(Membership::publication).toList())
                            + " with different row filters, columns or partition roots; which of its rows came through "
                            + String.join(
                                    ", ",
                                    mine.stream().map(Membership::publication).toList())
                            + " is unknown. Give the sink all of these publications, or make their filters and columns equal.");
        }
    }

    private static List<@Nullable Object> form(Membership m) {
        return java.util.Arrays.asList(m.rowFilter(), m.columns(), m.viaRoot());
    }

    private static Set<ChangeKind> kinds(List<Membership> memberships) {
        Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        for (Membership m : memberships) {
            kinds.add(ChangeKind.RECONCILE);
            kinds.add(ChangeKind.READ); // a snapshot holds the rows, whatever changes are published
            if (m.insert()) {
                kinds.add(ChangeKind.INSERT);
            }
            if (m.update()) {
                kinds.add(ChangeKind.UPDATE);
            }
            if (m.delete()) {
                kinds.add(ChangeKind.DELETE);
            }
            if (m.truncate()) {
                kinds.add(ChangeKind.TRUNCATE);
            }
        }
        return kinds;
    }

    /** Returns the view, or null if the relation is passed on unchanged. */
    private @Nullable RoutedChange view(Relation relation) {
        List<String> excluded = config.excludeColumns().stream()
                .filter(c -> isOf(c, relation))
                .map(ColumnName::column)
                .toList();
        List<MaskedColumn> masked =
                config.masks().stream().filter(m -> isOf(m.column(), relation)).toList();
        if (excluded.isEmpty() && masked.isEmpty()) {
            return null;
        }
        List<String> named = new ArrayList<>(excluded);
        masked.forEach(m -> named.add(m.column().column()));
        requireNotRenamed(relation, named);
        return new RoutedChange(new ColumnView(relation, excluded, masked, config.maskSalt()));
    }

    private static boolean isOf(ColumnName column, Relation relation) {
        return column.table().schema().equals(relation.schema())
                && column.table().name().equals(relation.name());
    }

    /** Checks that no excluded or masked column was renamed: it would leak under its new name. */
    private void requireNotRenamed(Relation relation, List<String> named) {
        Relation old = history.before(relation);
        if (old == null) {
            return;
        }
        List<String> now = relation.columns().stream().map(Column::name).toList();
        List<String> then = old.columns().stream().map(Column::name).toList();
        List<String> gone =
                named.stream().filter(c -> then.contains(c) && !now.contains(c)).toList();
        List<String> come = now.stream()
                .filter(c -> !then.contains(c) && !named.contains(c))
                .toList();
        if (!gone.isEmpty() && !come.isEmpty()) {
            throw new SinkException(
                    ErrorCode.ROUTE_COLUMN_RENAMED,
                    "sink " + sink + ": " + relation.qualifiedName() + " no longer has " + String.join(", ", gone)
                            + ", which the sink excludes or masks, but has " + String.join(", ", come)
                            + " instead. If it was renamed, add the new name to the old one in exclude_columns or mask. Once"
                            + " the sink has passed this change, remove the name that does not apply.");
        }
    }
}
