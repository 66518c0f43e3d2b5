package io.pgcdc.benchmarks;

import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.MessageHandler;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.UpdateMessage;
import org.jspecify.annotations.Nullable;

/** Adds up the lengths of all values. */
final class ReadValues extends MessageHandler {

    private long bytes;

    void clear() {
        bytes = 0;
    }

    long bytes() {
        return bytes;
    }

    private void add(@Nullable TupleData tuple) {
        if (tuple != null) {
            for (int i = 0; i < tuple.columnCount(); i++) {
                bytes += tuple.length(i);
            }
        }
    }

    @Override
    public void insert(InsertMessage insert) {
        add(insert.readNewTuple());
    }

    @Override
    public void update(UpdateMessage update) {
        update.readTuples();
        add(update.oldTuple());
        add(update.newTuple());
    }

    @Override
    public void delete(DeleteMessage delete) {
        add(delete.readOldTuple());
    }
}
