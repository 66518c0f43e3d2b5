package io.pgcdc.testkit.sink;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The example of {@link Sink}: a line per change, at least once. */
final class LineFileSink implements Sink {

    private final Path path;
    private final FileChannel file;
    private long end;

    LineFileSink(Path path) throws IOException {
        this.path = path;
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        end = file.size();
    }

    @Override
    public Durability write(Batch batch) {
        StringBuilder lines = new StringBuilder();
        batch.forEach(change -> lines.append(change.position())
                .append(' ')
                .append(change.kind())
                .append('\n'));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
        try {
            long at = end;
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
            end = at; // not earlier: a repeated batch overwrites what failed
            return Durability.ACCEPTED;
        } catch (IOException e) {
            throw new SinkException(
                    ErrorCode.SINK_WRITE_FAILED, path + " cannot be written. Make room on its disk.", e);
        }
    }

    @Override
    public Durability flush() {
        try {
            file.force(false);
            return Durability.DURABLE;
        } catch (IOException e) {
            throw new SinkException(
                    ErrorCode.SINK_WRITE_FAILED, path + " cannot be forced. Check the disk with dmesg.", e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new SinkException(
                    ErrorCode.SINK_WRITE_FAILED, path + " cannot be closed. Check the disk with dmesg.", e);
        }
    }
}
