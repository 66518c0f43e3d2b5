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
 * Writes lines. What a write call returned for is with the reader, or in the file as far as a crash of this process goes: that is
 * what durable means here.
 */
final class StdoutSink implements Sink {

    /** Lines are written in chunks of about this size. */
    private static final int CHUNK_BYTES = 256 * 1024;

    private final WritableByteChannel out;
    private final LineFormat format;
    private final JsonBuffer lines = new JsonBuffer();

    /** What went out of the batch at hand; a retry renders the same bytes and leaves so many out, lest a line be torn. */
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
                    "the reader of standard output went away. Start again to go on from there.",
                    e);
        }
        return new SinkException(
                ErrorCode.SINK_WRITE_FAILED,
                "standard output cannot be written: " + said + ". Make room, or redirect it elsewhere.",
                e);
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    /** Standard output belongs to the process, and stays open. */
    @Override
    public void close() {}
}
