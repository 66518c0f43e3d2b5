package io.pgcdc.queue.disk;

import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads a {@link ChronicleSegmentStore}'s files up to a limit. For sinks the limit is the last durable segment. */
final class FileSegmentReader implements SegmentReader {

    private final SegmentFiles files;
    private final LongSupplier limit;
    private int fileNumber;
    private long position;
    private boolean afterFirst;
    private @Nullable SegmentCursor cursor;
    private long index = SegmentStore.NONE;

    /**
     * Begins at an index. Opens no file yet.
     *
     * @param from index of a segment, or the index after it
     * @param limit index of the last segment to read; NONE: read nothing. It may grow
     */
    FileSegmentReader(SegmentFiles files, long from, LongSupplier limit) {
        this.files = files;
        this.limit = limit;
        this.fileNumber = SegmentIndex.file(from);
        this.position = SegmentIndex.offset(from);
        this.afterFirst = SegmentIndex.isAfterSegment(from);
    }

    @Override
    public boolean next(SegmentView into) {
        return step(cursor -> cursor.step(into));
    }

    @Override
    public boolean nextHeader(SegmentHeader into) {
        return step(cursor -> cursor.step(into));
    }

    @Override
    public long index() {
        return index;
    }

    private boolean step(Function<SegmentCursor, SegmentCursor.Step> load) {
        long last = limit.getAsLong();
        if (last == SegmentStore.NONE) {
            return false;
        }
        if (afterFirst && last > SegmentIndex.of(fileNumber, position)) {
            skipFirst(last);
        }
        while (true) {
            SegmentCursor at = cursor;
            long here = at == null ? position : at.position();
            if (afterFirst || SegmentIndex.of(fileNumber, here) > last) {
                return false;
            }
            if (at == null) {
                at = open();
            }
            switch (load.apply(at)) {
                case SEGMENT -> {
                    index = SegmentIndex.of(fileNumber, at.segmentAt());
                    return true;
                }
                case END -> nextFile(at, last);
                case NOTHING -> throw endsTooEarly(at, last);
            }
        }
    }

    /** Steps over the first segment. The reader begins after it, and only its header tells its length. */
    private void skipFirst(long last) {
        SegmentCursor at = open();
        switch (at.step(new SegmentHeader())) {
            case SEGMENT, END -> afterFirst = false;
            case NOTHING -> throw endsTooEarly(at, last);
        }
    }

    private SegmentCursor open() {
        if (cursor == null) {
            Path path = files.path(fileNumber);
            if (path == null) {
                throw SegmentHeader.damaged("file number " + fileNumber + " in " + files, "a file is missing");
            }
            cursor = new SegmentCursor(new SegmentFile(fileNumber, path), position);
        }
        return cursor;
    }

    private void nextFile(SegmentCursor at, long last) {
        if (fileNumber >= SegmentIndex.file(last)) {
            throw endsTooEarly(at, last);
        }
        at.close();
        cursor = null;
        fileNumber++;
        position = 0;
    }

    private static RuntimeException endsTooEarly(SegmentCursor at, long last) {
        return SegmentHeader.damaged(
                at.file().path + " at " + at.position(),
                "the file ends here, but the queue's last index is " + SegmentIndex.toString(last));
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
