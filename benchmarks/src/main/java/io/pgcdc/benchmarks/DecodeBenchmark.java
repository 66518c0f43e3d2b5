package io.pgcdc.benchmarks;

import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentView;
import java.util.concurrent.TimeUnit;
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

    private final SegmentView narrowInserts = StoredSegment.narrowInserts().loaded();
    private final SegmentView wideUpdates = StoredSegment.wideUpdates().loaded();
    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final ReadValues values = new ReadValues();

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

    private long decode(SegmentView segment) {
        values.clear();
        segment.rewind();
        while (segment.nextFrame()) {
            byte[] buffer = segment.array();
            int offset = segment.frameOffset();
            int length = segment.frameLength();
            if (!RelationVersionFrame.is(buffer, offset, length)) {
                decoder.decode(buffer, offset, length, segment.frameLsn(), values);
            }
        }
        return values.bytes();
    }
}
