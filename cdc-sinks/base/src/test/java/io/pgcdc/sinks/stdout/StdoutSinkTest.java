package io.pgcdc.sinks.stdout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.HistoryContract;
import io.pgcdc.testkit.sink.TestChanges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lines into a file whose writes are cut short and fail. */
class StdoutSinkTest extends HistoryContract {

    @Override
    protected FaultyTarget newTarget() {
        return new FileTarget();
    }

    private static SinkException failed(String said, boolean closed) {
        WritableByteChannel failing = Channels.newChannel(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(said);
            }
        });
        Sink sink = new StdoutSink(failing, new NativeFormat()::append, closed);
        return assertThrows(SinkException.class, () -> {
            sink.open(new SourceId("1", "d", "s"));
            sink.write(new TestChanges(1).insert("1", "a").batch());
        });
    }

    /** Nothing opens it again while the process runs. */
    @Test
    void closedOutputIsNotRetried() {
        for (SinkException e : List.of(failed("Bad file descriptor", false), failed("never asked", true))) {
            assertEquals(ErrorCode.TARGET_MISSING, e.code());
            assertEquals(Retry.NEVER, e.retry());
            assertTrue(String.valueOf(e.getMessage()).startsWith("standard output is closed."), e.getMessage());
        }
    }

    @Test
    void aFullDiskMayGetSpace() {
        assertEquals(
                ErrorCode.SINK_WRITE_FAILED,
                failed("No space left on device", false).code());
    }

    /** Takes at most so many bytes at a time, as a pipe may. */
    private static final class FileTarget implements FaultyTarget, WritableByteChannel {

        private static final int MOST_BYTES = 4_096;
        private static final Pattern POSITION = Pattern.compile("\\{\"position\":\"([^\"]+)\".*");

        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private int untilFault = -1;
        private boolean struck;

        @Override
        public Sink open() {
            return new StdoutSink(this, new NativeFormat()::append, false);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            if (untilFault >= 0 && untilFault-- == 0) {
                struck = true;
                throw new IOException("No space left on device");
            }
            byte[] taken = new byte[Math.min(MOST_BYTES, from.remaining())];
            from.get(taken);
            file.writeBytes(taken);
            return taken.length;
        }

        @Override
        public List<Received> received() {
            return file.toString(StandardCharsets.UTF_8)
                    .lines()
                    .map(FileTarget::received)
                    .toList();
        }

        private static Received received(String line) {
            Matcher position = POSITION.matcher(line);
            if (!position.matches() || !line.endsWith("}")) {
                throw new AssertionError("not a whole line: " + line);
            }
            return new Received(Position.parse(position.group(1)), line);
        }

        @Override
        public void failAfter(int operations) {
            untilFault = operations;
        }

        @Override
        public boolean hasFailed() {
            return struck;
        }

        /** What a write call took is in the file. */
        @Override
        public void crash() {}

        @Override
        public boolean exactlyOnce() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
