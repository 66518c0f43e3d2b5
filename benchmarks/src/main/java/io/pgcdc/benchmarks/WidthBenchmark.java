package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.model.PgType;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Transcoding by width: inserts of so many short texts. Figures are per change. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
@State(Scope.Thread)
public class WidthBenchmark {

    @Param({"1", "4", "16", "64", "256"})
    private int columns = 1;

    private final Lines lines = new Lines();
    private SegmentBatch batch = StoredSegment.narrowInserts().batch();

    @Setup
    public void write() {
        batch = StoredSegment.inserts(
                        Collections.nCopies(columns, PgType.base(25, "text")),
                        Collections.nCopies(columns, "a few words of text"))
                .batch();
    }

    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public int transcode() {
        return lines.of(batch);
    }
}
