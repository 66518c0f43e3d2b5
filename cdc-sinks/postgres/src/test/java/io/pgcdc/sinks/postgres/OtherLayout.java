package io.pgcdc.sinks.postgres;

import io.pgcdc.model.Change;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.Relation;
import io.pgcdc.sink.Batch;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.MappedBatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Shows the changes of kit.items as those of another table or of a later layout. */
record OtherLayout(Relation relation) {

    /** @param from makes the other layout from that of kit.items */
    static OtherLayout of(UnaryOperator<Relation> from) {
        AtomicReference<Relation> items = new AtomicReference<>();
        new TestChanges(1).insert("", "").batch().forEach(change -> items.set(change.relation()));
        return new OtherLayout(from.apply(items.get()));
    }

    Batch show(Batch batch) {
        return new MappedBatch(batch, change -> new Shown(change, relation));
    }

    private static final class Shown extends ForwardingChange {

        private final Change change;
        private final Relation relation;

        private Shown(Change change, Relation relation) {
            this.change = change;
            this.relation = relation;
        }

        @Override
        protected Change change() {
            return change;
        }

        @Override
        public Relation relation() {
            return relation;
        }
    }
}
