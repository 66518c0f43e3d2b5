package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.InternalException;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * One run of Chronicle Queue, always in a fresh directory: it never has to recover what another process left. The only place that
 * writes through it.
 *
 * <p>Files roll by size: Chronicle asks a clock which file is due, and this clock stands still until the file is full. Belongs to
 * the appending thread, {@link #close} excepted.
 */
final class ChronicleAppender implements Closeable {

    /** What Chronicle maps at once, and so what an idle queue's file grows by, sparsely. It allows a message of a quarter of it. */
    private static final int BLOCK_BYTES = 16 << 20;
    /** Largest content of a document. */
    static final int PIECE_BYTES = 1 << 20;

    private static final RollCycles CYCLE = RollCycles.FAST_HOURLY;

    private final FileClock clock;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final long fileBytes;
    private final byte[] pieceHeader = new byte[SegmentPiece.HEADER_LENGTH];
    private final CRC32C crc = new CRC32C();
    private int file;
    private long end;

    ChronicleAppender(Path run, int firstFile, long fileBytes) {
        this.file = firstFile;
        this.clock = new FileClock(firstFile);
        this.fileBytes = fileBytes;
        this.queue = SingleChronicleQueueBuilder.binary(run)
                .rollCycle(CYCLE)
                .timeProvider(clock)
                .blockSize(BLOCK_BYTES)
                .indexCount(1024) // its index pages: we find segments by offset, so they may be small
                .indexSpacing(256)
                .build();
        this.appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    /** Number of the file that the last segment went to. */
    int file() {
        return file;
    }

    Path path() {
        return java.util.Objects.requireNonNull(appender.currentFile()).toPath();
    }

    /** Offset behind the last document of the file. */
    long end() {
        return end;
    }

    /** Stores the segment, never across two files, and gives the offset of its first document. */
    long append(byte[] segment, int length) {
        if (end >= fileBytes) {
            file++;
            clock.file = file;
            end = 0;
        }
        int first = Math.min(length, PIECE_BYTES);
        long segmentAt = document(segment, 0, first, false, 0);
        int offset = first;
        while (offset < length) {
            int piece = Math.min(length - offset, PIECE_BYTES);
            document(segment, offset, piece, true, segmentAt);
            offset += piece;
        }
        return segmentAt;
    }

    private long document(byte[] segment, int offset, int length, boolean continued, long segmentAt) {
        DocumentContext document = appender.writingDocument();
        boolean done = false;
        try {
            Bytes<?> bytes = document.wire().bytes();
            long at = bytes.writePosition() - SegmentFile.HEADER_LENGTH;
            if ((at & 3) != 0 || at > SegmentIndex.MAX_OFFSET) {
                throw new InternalException(
                        ErrorCode.INTERNAL,
                        "Chronicle Queue put a document at " + at + "; in the queue. Please report this.");
            }
            int headerLength = 0;
            if (continued) {
                SegmentPiece.write(pieceHeader, segmentAt, offset, length, crc);
                bytes.write(pieceHeader);
                headerLength = SegmentPiece.HEADER_LENGTH;
            }
            bytes.write(segment, offset, length);
            end = SegmentFile.behind(at, headerLength + length);
            done = true;
            return at;
        } finally {
            if (!done) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    /** Unmaps and closes all; on return no thread and no mapping is left. */
    @Override
    public void close() {
        queue.close();
    }

    /** Chronicle's time: the beginning of the hour that stands for a file's number. */
    private static final class FileClock implements TimeProvider {

        private volatile int file;

        FileClock(int file) {
            this.file = file;
        }

        @Override
        public long currentTimeMillis() {
            return (long) file * CYCLE.lengthInMillis();
        }
    }
}
