package io.pgcdc.queue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forces the files that were appended to since the last call, through its own channels. Chronicle's sync() covers only the
 * currently mapped block, and only logs a failure.
 *
 * <p>The appending thread calls {@link #opened}; one thread at a time calls {@link #force}. The lock covers only the list, never a
 * disk operation.
 */
final class FileForcer implements Closeable {

    private final Deque<FileChannel> channels = new ArrayDeque<>();
    private @Nullable Path newIn;

    /** Adds a new file. The file before it gets no more data, and needs one last force. */
    void opened(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        synchronized (channels) {
            channels.addLast(channel);
            newIn = file.toAbsolutePath().getParent();
        }
    }

    void force() throws IOException {
        List<FileChannel> toForce;
        Path directory;
        synchronized (channels) {
            toForce = new ArrayList<>(channels);
            directory = newIn;
            newIn = null;
        }
        for (int i = 0; i < toForce.size(); i++) {
            FileChannel channel = toForce.get(i);
            channel.force(false);
            if (i < toForce.size() - 1) {
                synchronized (channels) {
                    channels.remove(channel);
                }
                channel.close();
            }
        }
        if (directory != null) {
            DurableFiles.forceDirectory(directory);
        }
    }

    @Override
    public void close() {
        synchronized (channels) {
            for (FileChannel channel : channels) {
                try {
                    channel.close();
                } catch (IOException e) {
                    // the data was forced before, so a failed close does no harm
                }
            }
            channels.clear();
        }
    }
}
