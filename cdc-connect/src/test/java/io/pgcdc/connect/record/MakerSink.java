package io.pgcdc.connect.record;

import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;

/**
 * Makes records of all changes.
 *
 * @param out gets the records
 */
record MakerSink(RecordMaker maker, Ready out) implements Sink {

    @Override
    public Durability write(Batch batch) {
        batch.forEach(change -> maker.append(change, out));
        return Durability.DURABLE;
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
