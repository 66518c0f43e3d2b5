package io.pgcdc.testkit.sinks;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Shows each change of a batch as another one at the same place. */
public final class MappedBatch implements Batch {

    private final Batch batch;
    private final UnaryOperator<Change> shown;

    public MappedBatch(Batch batch, UnaryOperator<Change> shown) {
        this.batch = batch;
        this.shown = shown;
    }

    @Override
    public void forEach(Consumer<? super Change> consumer) {
        batch.forEach(change -> consumer.accept(shown.apply(change)));
    }

    @Override
    public int count() {
        return batch.count();
    }

    @Override
    public Position lastPosition() {
        return batch.lastPosition();
    }

    @Override
    public boolean endsAtCommit() {
        return batch.endsAtCommit();
    }
}
