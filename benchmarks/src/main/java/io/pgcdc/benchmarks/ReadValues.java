package io.pgcdc.benchmarks;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.OriginMessage;
import io.pgcdc.decode.PgOutputHandler;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.TypeMessage;
import io.pgcdc.decode.UpdateMessage;
import org.jspecify.annotations.Nullable;

/** Adds up the lengths of all values. */
final class ReadValues implements PgOutputHandler {

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
    public void begin(BeginMessage begin) {}

    @Override
    public void commit(CommitMessage commit) {}

    @Override
    public void origin(OriginMessage origin) {}

    @Override
    public void relation(RelationMessage relation) {}

    @Override
    public void type(TypeMessage type) {}

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

    @Override
    public void truncate(TruncateMessage truncate) {}

    @Override
    public void message(LogicalMessage message) {}
}
