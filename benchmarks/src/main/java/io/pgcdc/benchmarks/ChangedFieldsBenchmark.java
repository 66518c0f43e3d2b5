package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import java.util.Objects;
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

/**
 * Which of twenty columns an update changed: decoded; decoded and compared as bytes; and compared as changed_fields is, with a second look
 * at those whose bytes differ.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Thread)
public class ChangedFieldsBenchmark {

    private final SegmentBatch updates = StoredSegment.wideUpdates().batch();
    private final Consumer<Change> count = this::count;
    private final Consumer<Change> countBytes = this::countBytes;
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

    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public long decodedAndBytesCompared() {
        updates.forEach(countBytes);
        return changed;
    }

    private void countBytes(Change change) {
        RowChange row = row(change);
        for (int i = 0; i < columns(change); i++) {
            if (!row.hasSameBytes(i)) {
                changed++;
            }
        }
    }

    private static RowChange row(Change change) {
        return Objects.requireNonNull(change.row());
    }

    private static int columns(Change change) {
        Relation relation = change.relation();
        return relation == null ? 0 : relation.columns().size();
    }

    private void pass(Change change) {
        passed += change.ordinal();
    }

    private void count(Change change) {
        RowChange row = row(change);
        for (int i = 0; i < columns(change); i++) {
            if (row.isChanged(i)) {
                changed++;
            }
        }
    }
}
