package io.pgcdc.model;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one value per table layout. A new layout replaces its table's last one, so there are never more values than tables. Layouts
 * are compared by identity of the {@link Relation}, since comparing columns for each change would cost too much. {@link #find}
 * allocates nothing. For one thread.
 */
public final class PerLayout<T> {

    private final IdentityHashMap<Relation, T> values = new IdentityHashMap<>();

    /** Cache of the last answer: most changes are of the same table as the change before. */
    private @Nullable Relation lastLayout;

    private @Nullable T lastValue;

    /** Creates it without values. */
    public PerLayout() {}

    /** Returns the layout's value, or null if it has none. */
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

    /** Keeps the value, and drops the values of the table's other layouts. */
    public void put(Relation layout, T value) {
        remove(layout);
        values.put(layout, value);
        lastLayout = layout;
        lastValue = value;
    }

    /** Removes and returns the values of all layouts of the table, and of an earlier table of the same name. */
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
