package io.pgcdc.view;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a sink sees of one layout's changes. One delivery thread. */
final class TableRoute {

    private static final Set<ChangeKind> ALL = EnumSet.allOf(ChangeKind.class);

    static final TableRoute EVERYTHING = new TableRoute(ALL, ALL, null);
    static final TableRoute NOTHING = new TableRoute(EnumSet.noneOf(ChangeKind.class), ALL, null);

    private final Set<ChangeKind> taken;
    private final Set<ChangeKind> known;
    private final @Nullable RoutedChange view;

    /**
     * Creates the route of one layout.
     *
     * @param taken kinds of change that reach the sink
     * @param known kinds of change for which the decision is known
     * @param view how the sink sees them; null for unchanged
     */
    TableRoute(Set<ChangeKind> taken, Set<ChangeKind> known, @Nullable RoutedChange view) {
        this.taken = taken;
        this.known = known;
        this.view = view;
    }

    boolean unknown(ChangeKind kind) {
        return !known.contains(kind);
    }

    @Nullable
    Change apply(Change change) {
        if (!taken.contains(change.kind())) {
            return null;
        }
        return view == null ? change : view.of(change);
    }
}
