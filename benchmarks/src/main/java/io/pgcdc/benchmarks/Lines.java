package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import java.util.function.Consumer;

/** Batches become lines of the native format. */
final class Lines {

    private final NativeFormat format = new NativeFormat();
    private final JsonBuffer lines = new JsonBuffer();
    private final Consumer<Change> append = this::append;

    /** How many bytes they take; what was written before is gone. */
    int of(SegmentBatch batch) {
        lines.clear();
        batch.forEach(append);
        return lines.length();
    }

    private void append(Change change) {
        format.append(change, lines);
        lines.appendByte('\n');
    }
}
