package io.pgcdc.testkit.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.FaultyTarget.Received;
import org.junit.jupiter.api.Test;

/** The {@link SinkContract} of sinks whose target keeps each change. */
public abstract class HistoryContract extends SinkContract {

    @Test
    public void everyChangeArrivesOnceAndInOrder() {
        try (FaultyTarget target = newTarget()) {
            Sink sink = target.open();
            writeAll(sink, batches());
            sink.close();
            assertEquals(
                    positions(),
                    target.received().stream().map(Received::position).toList());
        }
    }
}
