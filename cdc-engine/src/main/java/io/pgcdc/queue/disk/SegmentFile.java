package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads one {@code .cq4} file with plain positional reads. Chronicle maps its files. A mapped read of a short or damaged file ends
 * in a fault, or waits for a writer that is gone. Here it ends in an exception that names the place.
 *
 * <pre>
 *   a file is a chain of documents, each at a multiple of four:  | header 4, little-endian | content | padding |
 *   header: bits 0 to 29 length of the content, bit 30 Chronicle's own metadata, bit 31 not complete;
 *           0 = nothing written yet; 0xC0000000 = end of the file
 * </pre>
 */
final class SegmentFile implements Closeable {

    static final int HEADER_LENGTH = 4;
    static final int NOTHING = 0;
    static final int END_MARK = 0xC000_0000;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int METADATA = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;

    final int number;
    final Path path;
    private final FileChannel channel;
    private final ByteBuffer word = ByteBuffer.allocateDirect(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);

    SegmentFile(int number, Path path) {
        this.number = number;
        this.path = path;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw io("cannot be opened", path, e);
        }
    }

    /** Returns the document header at the position, or NOTHING if the file is too short for one or the document is not complete. */
    int header(long position) {
        int header = word(position);
        return header != END_MARK && (header & NOT_COMPLETE) != 0 ? NOTHING : header;
    }

    static boolean isMetadata(int header) {
        return (header & METADATA) != 0;
    }

    static int length(int header) {
        return header & LENGTH_MASK;
    }

    static long after(long position, int header) {
        return (position + HEADER_LENGTH + length(header) + 3) & ~3L;
    }

    /** Returns whether the file ends with an end mark at or before the position: the data after it was removed on purpose. */
    boolean wasCutBefore(long position) {
        long size = size();
        return size >= HEADER_LENGTH && position >= size - HEADER_LENGTH && word(size - HEADER_LENGTH) == END_MARK;
    }

    long size() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw io("cannot be read", path, e);
        }
    }

    /** Reads bytes. Returns false if the file ends before. */
    boolean read(long position, byte[] into, int offset, int length) {
        try {
            ByteBuffer target = ByteBuffer.wrap(into, offset, length);
            while (target.hasRemaining()) {
                int read = channel.read(target, position + target.position() - offset);
                if (read < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw io("cannot be read", path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw io("cannot be closed", path, e);
        }
    }

    static QueueException io(String what, Path path, IOException e) {
        return new QueueException(
                ErrorCode.QUEUE_IO,
                "queue file " + what + ": " + e + "; " + path + ". Check the disk and the file's permissions.",
                e);
    }

    private int word(long position) {
        try {
            word.clear();
            while (word.hasRemaining()) {
                if (channel.read(word, position + word.position()) < 0) {
                    return NOTHING;
                }
            }
            return word.getInt(0);
        } catch (IOException e) {
            throw io("cannot be read", path, e);
        }
    }
}
