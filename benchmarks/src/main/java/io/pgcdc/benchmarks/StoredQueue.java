package io.pgcdc.benchmarks;

import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.disk.ChronicleSegmentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A queue in a temporary directory, which goes away with it. {@code java.io.tmpdir} says on which disk. */
final class StoredQueue implements AutoCloseable {

    /** As in production. */
    private static final long FILE_BYTES = 64L << 20;

    /** Few enough files to stay in memory. */
    private static final long KEPT_BYTES = 2 * FILE_BYTES;

    private final Path directory;
    private final SegmentStore store;

    StoredQueue() {
        try {
            directory = Files.createTempDirectory("pgcdc-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store = ChronicleSegmentStore.open(directory, FILE_BYTES, SegmentStore.NONE);
    }

    SegmentStore store() {
        return store;
    }

    /** Appends the segment so many times, makes it durable, and lets go of what is old. */
    void add(SegmentBuilder segment, int times) {
        append(segment, times);
        sync();
    }

    void append(SegmentBuilder segment, int times) {
        for (int i = 0; i < times; i++) {
            store.append(segment);
        }
    }

    /** Makes durable what was appended, and lets go of what is old. */
    void sync() {
        store.sync();
        if (store.storedBytes() > KEPT_BYTES) {
            store.releaseBefore(store.durableIndex(), 0);
        }
    }

    @Override
    public void close() {
        store.close();
        try (var paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
