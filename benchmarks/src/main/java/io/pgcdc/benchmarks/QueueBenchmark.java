package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The durable queue on a real disk: narrow inserts in segments of 1,000, 32 segments between two syncs, some 4 MB; under load it is the speed of
 * the disk that sets how many they are, for what comes during one sync waits for the next. Figures are per change.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Thread)
public class QueueBenchmark {

    private static final int SEGMENTS = 32;

    private final StoredSegment stored = StoredSegment.narrowInserts();
    private final SegmentView loaded = new SegmentView();
    private final SegmentBatch batch = stored.batch(loaded);
    private final Lines lines = new Lines();
    private final StoredQueue queue = new StoredQueue();
    private final ExecutorService syncing = Executors.newSingleThreadExecutor();
    private final SegmentReader reader = queue.store().reader(SegmentStore.NONE);

    @Setup(Level.Trial)
    public void fill() {
        queue.add(stored.sealed(), SEGMENTS);
    }

    @TearDown(Level.Trial)
    public void close() {
        syncing.shutdown();
        reader.close();
        queue.close();
    }

    /** Appended and durable: forced to the disk, and read back. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS * StoredSegment.CHANGES)
    public long appendAndSync() {
        queue.add(stored.sealed(), SEGMENTS);
        return queue.store().durableIndex();
    }

    /** As the pipeline does it: one thread appends while another makes durable what was appended before. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS * StoredSegment.CHANGES)
    public long appendWhileSyncing() throws InterruptedException, ExecutionException {
        Future<?> before = syncing.submit(queue::sync);
        queue.append(stored.sealed(), SEGMENTS);
        before.get();
        return queue.store().durableIndex();
    }

    /** The same segments again and again, from the page cache, with their checksums. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS * StoredSegment.CHANGES)
    public int read() {
        int changes = 0;
        try (SegmentReader again = queue.store().reader(SegmentStore.NONE)) {
            while (again.next(loaded)) {
                changes += loaded.header().changeCount();
            }
        }
        return changes;
    }

    /** All of the way but the socket, on one thread: appended, durable, read, decoded, and written as lines. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS * StoredSegment.CHANGES)
    public int appendToLines() {
        queue.add(stored.sealed(), SEGMENTS);
        int bytes = 0;
        while (reader.next(loaded)) {
            batch.segmentChanged();
            bytes += lines.of(batch);
        }
        return bytes;
    }
}
