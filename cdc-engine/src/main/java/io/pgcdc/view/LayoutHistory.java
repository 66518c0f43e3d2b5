package io.pgcdc.view;

import io.pgcdc.model.Relation;
import io.pgcdc.queue.Layouts;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layouts that tables had. */
public interface LayoutHistory {

    /** There were none. */
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

    /** The layout that a table had before this one, or null. */
    @Nullable
    Relation before(Relation layout);

    /** Every one. */
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
