package io.pgcdc.queue.disk;

import io.pgcdc.queue.DeadLetterLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@link DeadLetterLog} in the queue's {@code dead-letters/SINK.jsonl}, created with the first line. */
final class DeadLetterFile implements DeadLetterLog {

    private final Path file;

    DeadLetterFile(Path file) {
        this.file = file;
    }

    @Override
    public String where() {
        return file.toString();
    }

    /** Creates the directory, unless another sink does so at the same moment. */
    private static void createDirectory(Path directory) throws IOException {
        try {
            DurableFiles.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Adds a line. First ends a line that a crash left incomplete. */
    @Override
    public void add(byte[] line) {
        try {
            Path directory = file.getParent();
            boolean isNew = !Files.exists(file);
            if (directory != null && !Files.isDirectory(directory)) {
                createDirectory(directory);
            }
            try (FileChannel channel = DurableFiles.open(file)) {
                long end = channel.size();
                ByteBuffer text = ByteBuffer.allocate(line.length + 2);
                if (end > 0 && !endsALine(channel, end)) {
                    text.put((byte) '\n');
                }
                text.put(line).put((byte) '\n').flip();
                while (text.hasRemaining()) {
                    end += channel.write(text, end);
                }
                channel.force(true);
            }
            if (isNew && directory != null) {
                DurableFiles.forceDirectory(directory);
            }
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", file, e);
        }
    }

    private static boolean endsALine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.read(last, end - 1) == 1 && last.get(0) == '\n';
    }
}
