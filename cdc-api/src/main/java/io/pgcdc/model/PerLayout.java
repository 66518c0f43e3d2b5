package io.pgcdc.model;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was worked out of tables' layouts. A new layout takes the place of its table's last one, so there are never more values than
 * tables. A {@link Relation} counts as the same layout only while it is the same object: comparing columns for each change would cost.
 * Finding allocates nothing. One thread.
 */
public final class PerLayout<T> {

    private final IdentityHashMap<Relation, T> values = new IdentityHashMap<>();

    /** Most changes are of the table of the change before. */
    private @Nullable Relation lastLayout;

    private @Nullable T lastValue;

    /** Without values. */
    public PerLayout() {}

    /** Returns the layout's value; null: it has none. */
    @SuppressWarnings("ReferenceEquality")
    public @Nullable T find(Relation layout) {
        if (layout == lastLayout) {
            return lastValue;
        }
        T value = values.get(layout);
        if (value != null) {
            lastLayout = layout;
            lastValue = value;
        }
        return value;
    }

    /** Keeps the value, in place of those that the table's other layouts had. */
    public void put(Relation layout, T value) {
        remove(layout);
        values.put(layout, value);
        lastLayout = layout;
        lastValue = value;
    }

    /** Removes and returns the values of all layouts of the table, and of a table that had its name before it. */
    public List<T> remove(Relation layout) {
        List<T> removed = new ArrayList<>();
        for (Iterator<Map.Entry<Relation, T>> all = values.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Relation, T> entry = all.next();
            if (layout.isSameTable(entry.getKey())) {
                removed.add(entry.getValue());
                all.remove();
            }
        }
        forgetLast();
        return removed;
    }

    public void removeIf(Predicate<T> unwanted) {
        values.values().removeIf(unwanted);
        forgetLast();
    }

    /** Removes and returns all values. */
    public List<T> clear() {
        List<T> removed = new ArrayList<>(values.values());
        values.clear();
        forgetLast();
        return removed;
    }

    private void forgetLast() {
        lastLayout = null;
        lastValue = null;
    }
}
