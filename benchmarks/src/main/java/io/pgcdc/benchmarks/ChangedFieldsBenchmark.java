package io.pgcdc.benchmarks;

import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.pipeline.SegmentBatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

/** Which of twenty columns an update changed: decoded, and decoded and compared. The difference is what changed_fields costs. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Thread)
public class ChangedFieldsBenchmark {

    private final SegmentBatch updates = StoredSegment.wideUpdates().batch();
    private final Consumer<Change> count = this::count;
    private final Consumer<Change> pass = this::pass;
    private long changed;
    private long passed;

    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public long decodedOnly() {
        updates.forEach(pass);
        return passed;
    }

    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public long decodedAndCompared() {
        updates.forEach(count);
        return changed;
    }

    private void pass(Change change) {
        passed += change.ordinal();
    }

    private void count(Change change) {
        Relation relation = change.relation();
        int columns = relation == null ? 0 : relation.columns().size();
        for (int i = 0; i < columns; i++) {
            if (change.isChanged(i)) {
                changed++;
            }
        }
    }
}
