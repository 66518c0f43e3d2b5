package io.pgcdc.view;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of one layout's changes a sink gets to see. One delivery thread. */
final class TableRoute {

    private static final Set<ChangeKind> ALL = EnumSet.allOf(ChangeKind.class);

    static final TableRoute EVERYTHING = new TableRoute(ALL, ALL, null);
    static final TableRoute NOTHING = new TableRoute(EnumSet.noneOf(ChangeKind.class), ALL, null);

    private final Set<ChangeKind> taken;
    private final Set<ChangeKind> known;
    private final @Nullable RoutedChange view;

    /**
     * Of one layout.
     *
     * @param taken kinds of change that the sink gets
     * @param known kinds of change of which it can be said whether the sink gets them
     * @param view how it sees them; null: as they are
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
