package io.pgcdc.queue.disk;

import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the files that a directory had when they were listed, up to the last whole segment. A running process may append meanwhile. */
final class ViewReader implements SegmentReader {

    private final SegmentFiles files;
    private @Nullable SegmentCursor cursor;
    private int fileNumber;
    private long position;
    private boolean skipsFirst;
    private long index = SegmentStore.NONE;

    /** @param from as {@link SegmentStore#reader} takes it; if its file is gone, the first one that is there */
    ViewReader(SegmentFiles files, long from) {
        this.files = files;
        int first = files.isEmpty() ? 0 : files.firstNumber();
        fileNumber = first;
        if (from != SegmentStore.NONE && SegmentIndex.file(from) >= first) {
            fileNumber = SegmentIndex.file(from);
            position = SegmentIndex.offset(from);
            skipsFirst = SegmentIndex.isAfterSegment(from);
        }
    }

    @Override
    public boolean next(SegmentView into) {
        return step(at -> at.step(into));
    }

    @Override
    public boolean nextHeader(SegmentHeader into) {
        return step(at -> at.step(into));
    }

    @Override
    public long index() {
        return index;
    }

    private boolean step(Function<SegmentCursor, SegmentCursor.Step> load) {
        while (true) {
            SegmentCursor at = open();
            if (at == null) {
                return false;
            }
            boolean skips = skipsFirst;
            switch (skips ? at.step(new SegmentHeader()) : load.apply(at)) {
                case SEGMENT -> {
                    skipsFirst = false;
                    index = SegmentIndex.of(fileNumber, at.segmentAt());
                    if (!skips) {
                        return true;
                    }
                }
                case END -> {
                    at.close();
                    cursor = null;
                    fileNumber++;
                    position = 0;
                    skipsFirst = false;
                }
                case NOTHING -> {
                    return false;
                }
            }
        }
    }

    /** Returns null after the last file. Files that a running pipeline has released since they were listed are left out. */
    private @Nullable SegmentCursor open() {
        while (cursor == null) {
            Path path = files.path(fileNumber);
            if (path == null) {
                return null;
            }
            if (Files.exists(path)) {
                cursor = new SegmentCursor(new SegmentFile(fileNumber, path), position);
            } else {
                fileNumber++;
                position = 0;
                skipsFirst = false;
            }
        }
        return cursor;
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
