package io.pgcdc.cli;

import io.pgcdc.history.History;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;

/** Adds native records to a history. */
final class LinesSink implements Sink {

    private final NativeFormat format = new NativeFormat();
    private final JsonBuffer line = new JsonBuffer();
    private final History history;
    private volatile String last = "";

    LinesSink(History history) {
        this.history = history;
    }

    /** Returns the last record. */
    String last() {
        return last;
    }

    private void add(Change change) {
        line.clear();
        format.append(change, line);
        last = line.toString();
        history.add(last);
    }

    @Override
    public Durability write(Batch batch) {
        batch.forEach(this::add);
        return Durability.DURABLE;
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
