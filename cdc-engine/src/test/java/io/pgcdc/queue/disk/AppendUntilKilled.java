package io.pgcdc.queue.disk;

import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.TestSegments;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/**
 * A process that appends numbered segments and syncs now and then. After each sync it prints number and index of the last synced segment.
 */
final class AppendUntilKilled {

    private AppendUntilKilled() {}

    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[1]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        SegmentStore store = ChronicleSegmentStore.open(Path.of(arguments[0]), 4 << 20, SegmentStore.NONE);
        SegmentHeader last = new SegmentHeader();
        long number = 0;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(last)) {
                number = last.lastCommitLsn();
            }
        }
        SegmentBuilder segment = new SegmentBuilder();
        while (true) {
            int count = 1 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                int size = random.nextInt(20) == 0 ? random.nextInt(3 << 20) : random.nextInt(50_000);
                TestSegments.fill(segment, ++number, size);
                store.append(segment);
            }
            store.sync();
            out.println(number + " " + store.durableIndex());
        }
    }
}
