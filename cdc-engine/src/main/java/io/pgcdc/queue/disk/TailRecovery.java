package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.BeginAnew;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs the end of a queue before the first append. Checks all segments after the one that capture's checkpoint names, including their
 * CRCs. Cuts the queue off at the first place that is not a whole segment. The server still has the changes that are cut off, because
 * nothing after that checkpoint is acknowledged. An unreadable segment at or before the checkpoint is damage.
 *
 * <p>Files are cut by an end mark and truncation. They are never removed, so that no index is used twice.
 */
final class TailRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(TailRecovery.class);

    private final SegmentFiles files;
    private final SegmentView segment = new SegmentView();
    private long last = SegmentStore.NONE;

    TailRecovery(SegmentFiles files) {
        this.files = files;
    }

    /**
     * Checks, cuts and forces the files.
     *
     * @param durableThrough index of a segment that must be readable; {@link SegmentStore#NONE}: any segment may be cut off
     * @return index of the last segment: it and all before it are durable
     */
    long run(long durableThrough) {
        if (files.isEmpty()
                || (durableThrough != SegmentStore.NONE && files.path(SegmentIndex.file(durableThrough)) == null)) {
            if (durableThrough != SegmentStore.NONE) {
                throw missing(durableThrough, null);
            }
            return last;
        }
        int number = durableThrough == SegmentStore.NONE ? files.firstNumber() : SegmentIndex.file(durableThrough);
        long offset = durableThrough == SegmentStore.NONE ? 0 : SegmentIndex.offset(durableThrough);
        boolean whole = true;
        for (; number <= files.lastNumber(); number++) {
            if (whole) {
                whole = walk(number, offset, durableThrough);
            } else {
                files.end(number, 0); // the queue was cut off in an earlier file
            }
            files.force(number);
            offset = 0;
        }
        return last;
    }

    /** Checks one file, and cuts it off where it is torn. Returns true if the next file continues it. */
    private boolean walk(int number, long offset, long durableThrough) {
        Path path = Objects.requireNonNull(files.path(number));
        try (SegmentCursor cursor = new SegmentCursor(new SegmentFile(number, path), offset)) {
            while (true) {
                SegmentCursor.Step step = step(cursor, durableThrough);
                if (step == SegmentCursor.Step.END) {
                    return true;
                }
                if (step == SegmentCursor.Step.NOTHING) {
                    LOG.info(
                            "queue: {} is cut off at offset {}; the server still has the changes after it",
                            path,
                            cursor.position());
                    files.end(number, cursor.position());
                    return number == files.lastNumber();
                }
                last = SegmentIndex.of(number, cursor.segmentAt());
            }
        }
    }

    private SegmentCursor.Step step(SegmentCursor cursor, long durableThrough) {
        boolean promised = last < durableThrough;
        SegmentCursor.Step step;
        try {
            step = cursor.step(segment);
        } catch (QueueException e) {
            if (e.code() != ErrorCode.QUEUE_DAMAGED) {
                throw e;
            }
            if (promised) {
                throw missing(durableThrough, e);
            }
            LOG.info("queue: a crash left a torn segment: {}", e.getMessage());
            return SegmentCursor.Step.NOTHING;
        }
        if (promised && step != SegmentCursor.Step.SEGMENT) {
            throw missing(durableThrough, null);
        }
        return step;
    }

    private QueueException missing(long durableThrough, @Nullable QueueException cause) {
        Path file = files.path(SegmentIndex.file(durableThrough));
        String why = cause == null ? "it is missing" : String.valueOf(cause.getMessage());
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "the segment at index " + SegmentIndex.toString(durableThrough)
                        + " cannot be read, although capture's checkpoint calls it durable: " + why + "; "
                        + (file == null ? files : file)
                        + BeginAnew.REMEDY,
                cause);
    }
}
