package io.pgcdc.sinks.debezium;

import com.sun.management.ThreadMXBean;
import io.pgcdc.model.Change;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/** Measures what the making of records allocates, after the first thousand. */
public final class AllocationSink implements Sink {

    private static final int WARM_UP = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Consumer<Change> records;
    private int changes;
    private long bytes;

    /** @param records makes them of a change */
    public AllocationSink(Consumer<Change> records) {
        this.records = records;
    }

    public int changes() {
        return changes;
    }

    /** That all records after the first thousand allocated. */
    public long bytes() {
        return bytes;
    }

    @Override
    public Durability write(Batch batch) {
        batch.forEach(this::measure);
        return Durability.DURABLE;
    }

    private void measure(Change change) {
        long before = threads.getCurrentThreadAllocatedBytes();
        records.accept(change);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (++changes > WARM_UP) {
            bytes += allocated;
        }
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
