package io.pgcdc.queue.disk;

import com.sun.management.ThreadMXBean;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the figures of ADR 0001. Not a test, and not run as one:
 * {@code ./mvnw -pl cdc-engine -am test -Dtest=QueueFigures -Dsurefire.failIfNoSpecifiedTests=false}
 */
class QueueFigures {

    private static final int SEGMENT_BYTES = 256 << 10;

    @TempDir
    Path directory;

    private final SegmentBuilder segment = new SegmentBuilder();
    private final SegmentView loaded = new SegmentView();
    private final SegmentHeader header = new SegmentHeader();
    private final byte[] row = new byte[1000];

    @Test
    void printFigures() {
        new java.util.Random(1).nextBytes(row);
        long last;
        try (ChronicleSegmentStore store = open(SegmentStore.NONE)) {
            for (int round = 0; round < 3; round++) {
                append(store, 500, 1);
                append(store, 4000, 8);
            }
            for (int round = 0; round < 3; round++) {
                read(store);
            }
            last = store.lastIndex();
        }
        long start = System.nanoTime();
        open(SegmentStore.NONE).close();
        print("open, every segment checked: %.0f ms", millis(start));
        start = System.nanoTime();
        open(last).close();
        print("open from the last segment: %.1f ms", millis(start));
    }

    private ChronicleSegmentStore open(long durableThrough) {
        return ChronicleSegmentStore.open(directory, 256 << 20, durableThrough);
    }

    private void append(SegmentStore store, int count, int syncEvery) {
        double[] syncMs = new double[count / syncEvery];
        long allocated = allocated();
        long start = System.nanoTime();
        for (int i = 1; i <= count; i++) {
            segment.begin();
            while (segment.framesBytes() + row.length + 12 <= SEGMENT_BYTES) {
                segment.addFrame(i, row, 0, row.length);
            }
            segment.seal(SegmentKind.TRANSACTIONS);
            store.append(segment);
            if (i % syncEvery == 0) {
                long syncStart = System.nanoTime();
                store.sync();
                syncMs[i / syncEvery - 1] = millis(syncStart);
            }
        }
        double seconds = millis(start) / 1000;
        Arrays.sort(syncMs);
        print(
                "append, sync every %d: %.0f MB/s, sync p50 %.2f ms p99 %.2f ms, %d B allocated a segment",
                syncEvery,
                count * 0.25 / seconds,
                syncMs[syncMs.length / 2],
                syncMs[syncMs.length * 99 / 100],
                (allocated() - allocated) / count);
    }

    private void read(SegmentStore store) {
        long allocated = allocated();
        long start = System.nanoTime();
        int count = 0;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.next(loaded)) {
                count++;
                while (loaded.nextFrame()) {
                    // the walk is part of the figure
                }
            }
        }
        double seconds = millis(start) / 1000;
        long bytes = (allocated() - allocated) / count;
        start = System.nanoTime();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                // headers only
            }
        }
        print(
                "read and check: %.0f MB/s, %d B allocated a segment; headers alone: %.1f us a segment",
                count * 0.25 / seconds, bytes, millis(start) * 1000 / count);
    }

    private static double millis(long since) {
        return (System.nanoTime() - since) / 1e6;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
