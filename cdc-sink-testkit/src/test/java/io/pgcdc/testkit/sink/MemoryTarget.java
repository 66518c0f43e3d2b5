package io.pgcdc.testkit.sink;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A small store with transactions, and a sink that keeps its position in them: the least that is exactly once. */
class MemoryTarget implements FaultyTarget {

    final List<Received> durable = new ArrayList<>();
    final List<Received> written = new ArrayList<>();

    @Nullable
    Position position;

    private int untilFault = -1;
    private boolean struck;

    @Override
    public Sink open() {
        return new MemorySink();
    }

    void operation() {
        if (untilFault >= 0 && untilFault-- == 0) {
            struck = true;
            throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "ordered; test; try again.");
        }
    }

    /** A sink that collects a transaction and commits rows and position together. */
    class MemorySink implements Sink {

        final NativeFormat format = new NativeFormat();

        @Override
        public Durability write(Batch batch) {
            int before = written.size();
            try {
                batch.forEach(this::add);
                if (!batch.endsAtCommit()) {
                    return Durability.ACCEPTED;
                }
                operation();
            } catch (RuntimeException e) {
                written.subList(before, written.size()).clear();
                throw e;
            }
            commit(batch);
            return Durability.DURABLE;
        }

        void commit(Batch batch) {
            durable.addAll(written);
            written.clear();
            Position last = position;
            // after a rewind, batches come that the target has
            if (last == null || batch.lastPosition().compareTo(last) > 0) {
                position = batch.lastPosition();
            }
        }

        void add(Change change) {
            operation();
            JsonBuffer json = new JsonBuffer();
            format.append(change, json);
            Position last = position;
            if (last == null || change.position().compareTo(last) > 0) {
                written.add(new Received(change.position(), json.toString()));
            }
        }

        @Override
        public Durability flush() {
            return Durability.DURABLE;
        }

        @Override
        public void close() {}
    }

    @Override
    public List<Received> received() {
        return List.copyOf(durable);
    }

    @Override
    public void failAfter(int operations) {
        untilFault = operations;
    }

    @Override
    public boolean hasFailed() {
        return struck;
    }

    @Override
    public void crash() {
        written.clear();
    }

    @Override
    public boolean exactlyOnce() {
        return true;
    }

    @Override
    public void close() {}

    /** For sinks that are wrong in one way. */
    static HistoryContract over(Supplier<FaultyTarget> targets) {
        return new HistoryContract() {
            @Override
            protected FaultyTarget newTarget() {
                return targets.get();
            }
        };
    }
}
