package io.pgcdc.benchmarks;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.OriginMessage;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.PgOutputHandler;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.TypeMessage;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding alone: each frame of a stored segment is read down to the place and length of each value. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Thread)
public class DecodeBenchmark {

    private final SegmentBuffer narrowInserts = StoredSegment.narrowInserts().buffer();
    private final SegmentBuffer wideUpdates = StoredSegment.wideUpdates().buffer();
    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final Values values = new Values();

    /** Bytes of all values. */
    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public long narrowInsert() {
        return decode(narrowInserts);
    }

    /** The same for both rows. */
    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public long wideUpdate() {
        return decode(wideUpdates);
    }

    private long decode(SegmentBuffer segment) {
        values.bytes = 0;
        segment.rewind();
        while (segment.nextFrame()) {
            byte[] buffer = segment.array();
            int offset = segment.frameOffset();
            int length = segment.frameLength();
            if (!RelationVersionFrame.is(buffer, offset, length)) {
                decoder.decode(buffer, offset, length, segment.frameLsn(), values);
            }
        }
        return values.bytes;
    }

    /** Adds up the lengths of all values. */
    private static final class Values implements PgOutputHandler {

        private long bytes;

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
}
