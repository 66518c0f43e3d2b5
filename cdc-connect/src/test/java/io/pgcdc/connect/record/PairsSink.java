package io.pgcdc.connect.record;

import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.util.List;

/** Gives all changes to pairs. */
final class PairsSink implements Sink {

    private final List<Pair> pairs;

    PairsSink(List<Pair> pairs) {
        this.pairs = pairs;
    }

    @Override
    public Durability write(Batch batch) {
        pairs.forEach(Pair::startOfBatch);
        batch.forEach(change -> pairs.forEach(pair -> pair.append(change)));
        if (batch.endsAtCommit()) {
            pairs.forEach(Pair::endOfTransaction);
        }
        return Durability.DURABLE;
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
