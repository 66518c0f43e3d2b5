package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the files of a queue into order before anything is appended: everything behind the segment that the capture's checkpoint
 * names is checked, CRCs included, and cut off from the first place on that is not a whole segment. The server still has what is
 * cut off, because nothing is acknowledged beyond that checkpoint. A segment at or before it that cannot be read is damage.
 *
 * <p>Files are cut by an end mark and truncation, never removed, so that no index is ever given twice.
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
     * @param durableThrough a segment that must be there; everything when {@link SegmentStore#NONE} is up for cutting
     * @return index of the last segment, which is durable now, as is all before it
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
                // what a crash left behind the place where it tore the queue
                files.end(number, 0);
            }
            files.force(number);
            offset = 0;
        }
        return last;
    }

    /** Whether the file is whole, so that the next one continues it. */
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
                            "queue: {} is cut off at {}; the server still has what lay behind",
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
            LOG.info("queue: torn by a crash: {}", e.getMessage());
            return SegmentCursor.Step.NOTHING;
        }
        if (promised && step != SegmentCursor.Step.SEGMENT) {
            throw missing(durableThrough, null);
        }
        return step;
    }

    private QueueException missing(long durableThrough, @Nullable QueueException cause) {
        Path file = files.path(SegmentIndex.file(durableThrough));
        String why = cause == null ? "it is not there" : String.valueOf(cause.getMessage());
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "the segment at index " + SegmentIndex.toString(durableThrough)
                        + ", which the capture's checkpoint calls durable, cannot be read: " + why + "; "
                        + (file == null ? files : file)
                        + ". Restore the queue directory, or begin a new one with another --queue-dir.",
                cause);
    }
}
