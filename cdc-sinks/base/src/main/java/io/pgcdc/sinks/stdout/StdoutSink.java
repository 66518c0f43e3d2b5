package io.pgcdc.sinks.stdout;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes lines to standard output. When a write call returns, the reader has the bytes, or they are in the file even if this
 * process crashes. Here durable means that.
 */
final class StdoutSink implements Sink {

    /** Size in bytes of the chunks in which lines are written, roughly. */
    private static final int CHUNK_BYTES = 256 * 1024;

    private final WritableByteChannel out;
    private final LineFormat format;
    private final JsonBuffer lines = new JsonBuffer();

    /** Bytes of the current batch that were written. A retry renders the same bytes and skips these, so that no line is torn. */
    private long written;

    private long rendered;

    StdoutSink(WritableByteChannel out, LineFormat format) {
        this.out = out;
        this.format = format;
    }

    @Override
    public Durability write(Batch batch) {
        lines.clear();
        rendered = 0;
        batch.forEach(this::append);
        flushLines();
        written = 0;
        return Durability.DURABLE;
    }

    private void append(Change change) {
        format.append(change, lines);
        lines.appendByte('\n');
        if (lines.length() >= CHUNK_BYTES) {
            flushLines();
        }
    }

    private void flushLines() {
        int length = lines.length();
        int done = (int) Math.min(length, Math.max(0, written - rendered));
        ByteBuffer rest = ByteBuffer.wrap(lines.array(), done, length - done);
        try {
            while (rest.hasRemaining()) {
                written += out.write(rest);
            }
        } catch (IOException e) {
            throw failed(e);
        }
        rendered += length;
        lines.clear();
    }

    private static SinkException failed(IOException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("Broken pipe")) {
            return new SinkException(
                    ErrorCode.SINK_CLOSED,
                    "the reader of standard output is gone. Start again to continue from there.",
                    e);
        }
        return new SinkException(
                ErrorCode.SINK_WRITE_FAILED,
                "standard output cannot be written: " + said + ". Free space on its disk, or redirect it elsewhere.",
                e);
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    /** Leaves standard output open: it belongs to the process. */
    @Override
    public void close() {}
}
