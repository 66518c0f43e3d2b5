package io.pgcdc.view;

import io.pgcdc.model.Relation;
import io.pgcdc.queue.Layouts;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The earlier layouts of tables. */
public interface LayoutHistory {

    /** No earlier layouts. */
    LayoutHistory NONE = new LayoutHistory() {
        @Override
        public @Nullable Relation before(Relation layout) {
            return null;
        }

        @Override
        public Collection<Relation> all() {
            return List.of();
        }
    };

    /** Returns the table's layout before this one, or null. */
    @Nullable
    Relation before(Relation layout);

    /** Returns all layouts. */
    Collection<Relation> all();

    static LayoutHistory of(Layouts store) {
        return new LayoutHistory() {
            @Override
            public @Nullable Relation before(Relation layout) {
                return store.before(layout);
            }

            @Override
            public Collection<Relation> all() {
                return store.all();
            }
        };
    }
}
