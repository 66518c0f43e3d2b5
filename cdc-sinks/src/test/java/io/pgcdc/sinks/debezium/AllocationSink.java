package io.pgcdc.sinks.debezium;

import com.sun.management.ThreadMXBean;
import io.pgcdc.json.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.lang.management.ManagementFactory;

/** Measures what the making of records allocates, after the first thousand. */
final class AllocationSink implements Sink {

    private static final int WARM_UP = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final DebeziumFormat format;
    private final JsonBuffer key = new JsonBuffer();
    private final JsonBuffer value = new JsonBuffer();
    private int changes;
    private long bytes;

    AllocationSink(DebeziumOptions options) {
        format = new DebeziumFormat(options);
    }

    int changes() {
        return changes;
    }

    /** That all records after the first thousand allocated. */
    long bytes() {
        return bytes;
    }

    @Override
    public Durability write(Batch batch) {
        batch.forEach(this::measure);
        return Durability.DURABLE;
    }

    private void measure(Change change) {
        long before = threads.getCurrentThreadAllocatedBytes();
        key.clear();
        value.clear();
        format.appendKey(change, false, key);
        format.appendValue(change, Op.CREATE, value);
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
