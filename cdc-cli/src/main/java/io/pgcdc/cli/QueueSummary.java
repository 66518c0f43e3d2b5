package io.pgcdc.cli;

import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.disk.QueueView;

/** What one walk over a queue's segments counts. */
final class QueueSummary {

    private long segments;
    private long changes;
    private long bytes;
    private long firstMicros;
    private long lastMicros;
    private long firstLsn;
    private long lastLsn;

    /** Reads the headers. */
    static QueueSummary ofHeaders(QueueView queue) {
        QueueSummary summary = new QueueSummary();
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = queue.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                summary.add(header);
            }
        }
        return summary;
    }

    /**
     * Reads all bytes and checks them against their CRCs.
     *
     * @throws io.pgcdc.error.QueueException QUEUE_DAMAGED names the first place that is damaged
     */
    static QueueSummary ofAll(QueueView queue) {
        QueueSummary summary = new QueueSummary();
        SegmentView segment = new SegmentView();
        try (SegmentReader reader = queue.reader(SegmentStore.NONE)) {
            while (reader.next(segment)) {
                summary.add(segment.header());
            }
        }
        return summary;
    }

    private void add(SegmentHeader header) {
        if (segments == 0) {
            firstMicros = header.commitTimeMicros();
            firstLsn = header.firstCommitLsn();
        }
        segments++;
        changes += header.changeCount();
        bytes += header.framesLength();
        lastMicros = header.commitTimeMicros();
        lastLsn = header.lastCommitLsn();
    }

    long segments() {
        return segments;
    }

    long changes() {
        return changes;
    }

    /** Returns the bytes of the messages in the segments. */
    long bytes() {
        return bytes;
    }

    /** Returns the commit time in the first segment, in microseconds since 1970 UTC. */
    long firstMicros() {
        return firstMicros;
    }

    long lastMicros() {
        return lastMicros;
    }

    long firstLsn() {
        return firstLsn;
    }

    long lastLsn() {
        return lastLsn;
    }
}
