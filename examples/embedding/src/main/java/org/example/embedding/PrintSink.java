package org.example.embedding;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.io.PrintStream;

/** One line of JSON a change. What is printed cannot be taken back, so a change may come twice after a crash, with the same position. */
final class PrintSink implements Sink {

    private final NativeFormat format = new NativeFormat();
    private final PrintStream out;

    PrintSink(PrintStream out) {
        this.out = out;
    }

    @Override
    public Durability write(Batch batch) {
        batch.forEach(change -> {
            JsonBuffer json = new JsonBuffer();
            format.append(change, json);
            out.println(json);
        });
        out.flush();
        return Durability.DURABLE;
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
