package io.pgcdc.progress;

import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the changes that the queue holds after a place, by the headers of its segments. Capture and the sinks do not take part: whoever asks reads
 * the files. The first question reads all headers from its place on; a later one only those of new segments, and a few more. Any thread, one at a
 * time.
 */
public final class Backlog implements AutoCloseable {

    /** A place is looked up from the nearest mark before it, so at most so many headers are read for it. */
    private static final int SEGMENTS_BETWEEN_MARKS = 256;

    private final SegmentStore store;
    private final SegmentHeader header = new SegmentHeader();

    /** Changes in all segments seen before the one with that index. */
    private final TreeMap<Long, Long> marks = new TreeMap<>();

    private @Nullable SegmentReader reader;
    private long seen;
    private long lastIndex = SegmentStore.NONE;
    private long sinceMark;

    /**
     * What is after a place.
     *
     * @param changes all in the queue, also those that a sink's filters leave out
     * @param oldestMicros commit time of the oldest of them in microseconds since 1970 UTC; of transactions that share a segment, the last one's.
     *     0: there is none
     */
    public record Held(long changes, long oldestMicros) {}

    private static final Held NOTHING = new Held(0, 0);

    /** Reads nothing yet. */
    public Backlog(SegmentStore store) {
        this.store = store;
    }

    /**
     * Counts.
     *
     * @param nextIndex the first index that counts; {@link SegmentStore#NONE}: the beginning of the queue
     * @throws io.pgcdc.error.QueueException the queue does not hold all segments from there on, or they cannot be read
     */
    public synchronized Held after(long nextIndex) {
        long firstIndex = store.firstIndex();
        forgetBefore(firstIndex);
        long from = Math.max(nextIndex, firstIndex);
        SegmentReader at = reader;
        if (at == null || from < marks.firstKey()) {
            at = startAt(from);
        }
        catchUp(at);
        return from > lastIndex ? NOTHING : lookUp(from);
    }

    /** The first segment of each file has a mark: so a place whose mark was in a deleted file has the one of the first file. */
    private void forgetBefore(long firstIndex) {
        if (marks.headMap(firstIndex).isEmpty()) {
            return;
        }
        Map.Entry<Long, Long> first = marks.ceilingEntry(firstIndex);
        long before = first == null ? seen : first.getValue();
        marks.headMap(firstIndex).clear();
        marks.put(firstIndex, before);
    }

    private SegmentReader startAt(long index) {
        close();
        SegmentReader at = store.reader(index);
        reader = at;
        seen = 0;
        lastIndex = SegmentStore.NONE;
        sinceMark = 0;
        marks.clear();
        marks.put(index, 0L);
        return at;
    }

    private void catchUp(SegmentReader at) {
        while (at.nextHeader(header)) {
            long index = at.index();
            boolean newFile =
                    lastIndex != SegmentStore.NONE && SegmentIndex.file(lastIndex) != SegmentIndex.file(index);
            if (newFile || ++sinceMark >= SEGMENTS_BETWEEN_MARKS) {
                marks.put(index, seen);
                sinceMark = 0;
            }
            seen += header.changeCount();
            lastIndex = index;
        }
    }

    private Held lookUp(long index) {
        Map.Entry<Long, Long> mark = Objects.requireNonNull(marks.floorEntry(index));
        long before = mark.getValue();
        try (SegmentReader at = store.reader(mark.getKey())) {
            while (at.nextHeader(header)) {
                if (at.index() >= index) {
                    return new Held(seen - before, header.commitTimeMicros());
                }
                before += header.changeCount();
            }
        }
        return NOTHING;
    }

    @Override
    public synchronized void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
