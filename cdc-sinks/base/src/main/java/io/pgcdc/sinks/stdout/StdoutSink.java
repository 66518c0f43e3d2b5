package io.pgcdc.sinks.stdout;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to standard output. Its changes are durable when the write call returns. Then the reader has the bytes, or the file
 * has them even if this process crashes.
 */
final class StdoutSink implements Sink {

    /** Approximate size in bytes of the chunks in which lines are written. */
    private static final int CHUNK_BYTES = 256 * 1024;

    private final WritableByteChannel out;
    private final LineFormat format;
    private final boolean closed;
    private final JsonBuffer lines = new JsonBuffer();

    /** Number of the batch's bytes that were written. A retry renders the same bytes and skips these, so that no line is broken. */
    private long written;

    /** Number of the batch's bytes in the chunks before the current one. */
    private long rendered;

    /** @param closed true if standard output was closed when the process started */
    StdoutSink(WritableByteChannel out, LineFormat format, boolean closed) {
        this.out = out;
        this.format = format;
        this.closed = closed;
    }

    @Override
    public @Nullable Position open(SourceId source) {
        if (closed) {
            throw closed(null);
        }
        return null;
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
        if (said.contains("Bad file descriptor")) {
            return closed(e);
        }
        return new SinkException(
                ErrorCode.SINK_WRITE_FAILED,
                "standard output cannot be written: " + said + ". Free space on its disk, or redirect it elsewhere.",
                e);
    }

    private static SinkException closed(@Nullable IOException e) {
        return new SinkException(
                ErrorCode.TARGET_MISSING,
                "standard output is closed. Redirect it to a file or a program, then start again.",
                e);
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    /** Does nothing. Standard output stays open, because it belongs to the process. */
    @Override
    public void close() {}
}
