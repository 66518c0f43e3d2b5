package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.InternalException;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentPiece;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * One run of Chronicle Queue, always in a new directory: it never has to recover another process's files. Only this class writes
 * through Chronicle.
 *
 * <p>Files roll by size. Chronicle asks a clock which file is due, and this clock advances only when the file is full. Belongs to
 * the appending thread, except {@link #close}.
 */
final class ChronicleAppender implements Closeable {

    /** The size that Chronicle maps at once, by which an idle queue's file grows, sparsely. A message may have a quarter of it. */
    private static final int BLOCK_BYTES = 16 << 20;
    /** Largest content of a document, in bytes. */
    static final int PIECE_BYTES = 1 << 20;

    /** Upper limit of a document's bytes in addition to its content. */
    private static final int PIECE_OVERHEAD = 256;

    /** How far disk space is allocated ahead of the writer, in a large file. */
    private static final int AHEAD_BYTES = 8 << 20;

    /** Upper limit of a file's bytes before its first document: header and Chronicle's index. */
    private static final int FILE_START_BYTES = 1 << 20;

    private static final RollCycles CYCLE = RollCycles.FAST_HOURLY;

    private final FileClock clock;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final long fileBytes;
    private final Path run;
    private final SpaceAhead space;
    private @Nullable Path current;
    private @Nullable FileChannel channel;
    private final byte[] pieceHeader = new byte[SegmentPiece.HEADER_LENGTH];
    private final CRC32C crc = new CRC32C();
    private int file;
    private long end;

    ChronicleAppender(Path run, int firstFile, long fileBytes) {
        this.file = firstFile;
        this.clock = new FileClock(firstFile);
        this.fileBytes = fileBytes;
        this.run = run;
        this.space = new SpaceAhead(Math.min(AHEAD_BYTES, fileBytes / 4));
        this.queue = SingleChronicleQueueBuilder.binary(run)
                .rollCycle(CYCLE)
                .timeProvider(clock)
                .blockSize(BLOCK_BYTES)
                .indexCount(1024) // pgcdc finds segments by offset, so index pages may be small
                .indexSpacing(256)
                .build();
        this.appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    /** Returns the number of the last segment's file. */
    int file() {
        return file;
    }

    Path path() {
        return java.util.Objects.requireNonNull(appender.currentFile()).toPath();
    }

    /** Returns the offset after the file's last document. */
    long end() {
        return end;
    }

    /** Allocates disk space for the next segments. Returns false if the disk is full. */
    boolean reserve() {
        return space.takeAhead(end, fileBytes);
    }

    /**
     * Stores the segment in one file, and returns the offset of its first document.
     *
     * @throws IOException if the disk is full; nothing was written then
     */
    long append(byte[] segment, int length) throws IOException {
        if (end >= fileBytes) {
            file++;
            clock.file = file;
            end = 0;
        }
        requireRoom(length + PIECE_OVERHEAD * (1L + length / PIECE_BYTES));
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

    private void requireRoom(long bytes) throws IOException {
        boolean fits = end == 0 ? space.fits(run, FILE_START_BYTES + bytes) : space.take(end + bytes, fileBytes);
        if (!fits) {
            throw new IOException("no space left on device");
        }
    }

    private long document(byte[] segment, int offset, int length, boolean continued, long segmentAt)
            throws IOException {
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
            FileChannel content = currentFile();
            long contentAt = at + SegmentFile.HEADER_LENGTH;
            int headerLength = 0;
            if (continued) {
                SegmentPiece.write(pieceHeader, segmentAt, offset, length, crc);
                headerLength = SegmentPiece.HEADER_LENGTH;
                write(content, contentAt, pieceHeader, 0, headerLength);
            }
            write(content, contentAt + headerLength, segment, offset, length);
            bytes.writeSkip(headerLength + length);
            end = SegmentFile.after(at, headerLength + length);
            done = true;
            return at;
        } finally {
            if (!done) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    /** Returns Chronicle's current file. */
    private FileChannel currentFile() throws IOException {
        Path now = path();
        FileChannel open = channel;
        if (open == null || !now.equals(current)) {
            closeChannel();
            open = FileChannel.open(now, StandardOpenOption.WRITE);
            channel = open;
            current = now;
            space.open(now);
        }
        return open;
    }

    /**
     * Writes past the mapping. A page that is written whole need not be read or zeroed first, and causes no page fault after each
     * force. The kernel has one copy of a page, so mapped memory shows the same bytes.
     */
    private static void write(FileChannel to, long position, byte[] source, int offset, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(source, offset, length);
        while (rest.hasRemaining()) {
            to.write(rest, position + rest.position() - offset);
        }
    }

    private void closeChannel() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** Unmaps and closes everything. Afterwards no thread and no mapping is left. */
    @Override
    public void close() {
        space.close();
        try {
            closeChannel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            queue.close();
        }
    }

    /** Chronicle's time: the start of the hour that encodes a file's number. */
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
