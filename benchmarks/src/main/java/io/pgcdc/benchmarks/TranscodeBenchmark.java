package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
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

/** What a sink's thread does for each change: from a stored segment's bytes to a line of the native format. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Thread)
public class TranscodeBenchmark {

    private final SegmentBatch narrowInserts = StoredSegment.narrowInserts().batch();
    private final SegmentBatch wideUpdates = StoredSegment.wideUpdates().batch();
    private final Lines lines = new Lines();

    /** Bytes of 1,000 lines. */
    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public int narrowInsert() {
        return lines.of(narrowInserts);
    }

    /** The same, with changed_fields. */
    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public int wideUpdate() {
        return lines.of(wideUpdates);
    }
}
