package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.BeginAnew;
import io.pgcdc.queue.BigEndian;
import io.pgcdc.queue.LayoutLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LayoutLog} in an append-only file:
 *
 * <pre>
 *   file:  | magic "PGCR" 4 | format version 4 | entries ... |
 *   entry: | type 1 | length 4 | CRC32C of the payload 4 | CRC32C of the 9 bytes before 4 | payload |
 *          type 1: a relation, starting with its version, from older versions of pgcdc; type 3: one with facts of its table; type 2:
 *          a version number (4) of a torn entry, never used again; type 4: like type 3, of a table that shares its name, see
 *          {@link Relation#sharesName}
 * </pre>
 */
public final class LayoutFile implements LayoutLog {

    private static final int MAGIC = 'P' << 24 | 'G' << 16 | 'C' << 8 | 'R';
    private static final int FORMAT = 1;
    private static final int FILE_HEADER_LENGTH = 8;
    private static final int LENGTH_AT = 1;
    private static final int PAYLOAD_CRC_AT = 5;
    private static final int HEADER_CRC_AT = 9;
    private static final int ENTRY_HEADER_LENGTH = 13;
    private static final int MAX_ENTRY_BYTES = 64 << 20;
    private static final byte RELATION_WITHOUT_FACTS = 1;
    private static final byte LOST_VERSION = 2;
    private static final byte RELATION = 3;
    private static final byte RELATION_WITH_REAL_NAME = 4;

    private final Path path;
    private final FileChannel channel;
    private final boolean readOnly;
    private final CRC32C crc = new CRC32C();
    private int lastVersion;
    private long end = FILE_HEADER_LENGTH;
    private boolean failed;

    private LayoutFile(Path path, FileChannel channel, boolean readOnly) {
        this.path = path;
        this.channel = channel;
        this.readOnly = readOnly;
    }

    /**
     * Opens or creates the file.
     *
     * @throws QueueException QUEUE_IO
     */
    public static LayoutFile open(Path path) {
        try {
            if (!Files.exists(path)) {
                byte[] header = new byte[FILE_HEADER_LENGTH];
                BigEndian.putInt(header, 0, MAGIC);
                BigEndian.putInt(header, 4, FORMAT);
                DurableFiles.write(path, header);
            }
            return new LayoutFile(path, DurableFiles.open(path), false);
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", path, e);
        }
    }

    /**
     * Opens the file without changing it. A torn entry at its end is left out.
     *
     * @throws QueueException QUEUE_IO
     */
    static LayoutFile openReadOnly(Path path) {
        try {
            return new LayoutFile(path, FileChannel.open(path, StandardOpenOption.READ), true);
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", path, e);
        }
    }

    /** Reads the entries. Removes a torn entry at the file's end, which a crash can leave. Any other unreadable entry is damage. */
    @Override
    public int read(Consumer<Relation> stored) {
        try {
            load(stored);
            return lastVersion;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", path, e);
        }
    }

    @Override
    public void append(Relation stored) {
        append(stored.sharesName() ? RELATION_WITH_REAL_NAME : RELATION, RelationCodec.encode(stored));
        lastVersion = stored.version();
    }

    @Override
    public QueueException missing(int version) {
        return damaged("it does not contain version " + version, end, null);
    }

    private void append(byte type, byte[] payload) {
        if (failed) {
            throw new IllegalStateException("the file of layouts failed before");
        }
        byte[] entry = new byte[ENTRY_HEADER_LENGTH + payload.length];
        entry[0] = type;
        BigEndian.putInt(entry, LENGTH_AT, payload.length);
        BigEndian.putInt(entry, PAYLOAD_CRC_AT, crc(payload, payload.length));
        BigEndian.putInt(entry, HEADER_CRC_AT, crc(entry, HEADER_CRC_AT));
        System.arraycopy(payload, 0, entry, ENTRY_HEADER_LENGTH, payload.length);
        ByteBuffer remaining = ByteBuffer.wrap(entry);
        try {
            while (remaining.hasRemaining()) {
                channel.write(remaining, end + remaining.position());
            }
            channel.force(true);
        } catch (IOException e) {
            failed = true;
            throw SegmentFile.io("cannot be written", path, e);
        }
        end += entry.length;
    }

    private void load(Consumer<Relation> stored) throws IOException {
        long size = channel.size();
        byte[] fileHeader = read(0, FILE_HEADER_LENGTH, size);
        if (fileHeader == null || BigEndian.getInt(fileHeader, 0) != MAGIC) {
            throw damaged("its first bytes are not those of a file of relations", 0, null);
        }
        if (BigEndian.getInt(fileHeader, 4) != FORMAT) {
            throw newer("format " + BigEndian.getInt(fileHeader, 4) + ", this version reads " + FORMAT);
        }
        while (end < size) {
            if (!loadEntry(size, stored)) {
                if (readOnly) {
                    return;
                }
                cutTornEntry();
                break;
            }
        }
        if (!readOnly) {
            channel.force(true); // a killed process may have written without forcing
        }
    }

    /** Returns false if a torn entry ends the file here. */
    private boolean loadEntry(long size, Consumer<Relation> stored) throws IOException {
        byte[] header = read(end, ENTRY_HEADER_LENGTH, size);
        if (header == null) {
            return false;
        }
        if (BigEndian.getInt(header, HEADER_CRC_AT) != crc(header, HEADER_CRC_AT)) {
            if (zeroFrom(end, size)) {
                return false;
            }
            throw damaged("the CRC of an entry's header is wrong", end, null);
        }
        int length = BigEndian.getInt(header, LENGTH_AT);
        if (length < 0 || length > MAX_ENTRY_BYTES) {
            throw damaged("entry length " + length, end, null);
        }
        long next = end + ENTRY_HEADER_LENGTH + length;
        byte[] payload = read(end + ENTRY_HEADER_LENGTH, length, size);
        if (payload == null || BigEndian.getInt(header, PAYLOAD_CRC_AT) != crc(payload, length)) {
            if (next >= size) {
                return false;
            }
            throw damaged("the CRC of an entry is wrong", end, null);
        }
        accept(header[0], payload, stored);
        end = next;
        return true;
    }

    private void accept(byte type, byte[] payload, Consumer<Relation> stored) {
        try {
            switch (type) {
                case RELATION, RELATION_WITHOUT_FACTS, RELATION_WITH_REAL_NAME -> {
                    Relation relation = RelationCodec.decode(
                            payload, type != RELATION_WITHOUT_FACTS, type == RELATION_WITH_REAL_NAME);
                    if (relation.version() != lastVersion + 1) {
                        throw new IOException("version " + relation.version() + " follows " + lastVersion);
                    }
                    lastVersion = relation.version();
                    stored.accept(relation);
                }
                case LOST_VERSION -> {
                    if (payload.length != 4 || BigEndian.getInt(payload, 0) != lastVersion + 1) {
                        throw new IOException("a lost version that does not follow " + lastVersion);
                    }
                    lastVersion++;
                }
                default -> throw newer("entry type " + type);
            }
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()), end, e);
        }
    }

    /**
     * Removes a torn entry, and reserves its version number. The entry may have been damaged instead of torn, so segments may refer
     * to it. They must then cause an error, not get another table's layout.
     */
    private void cutTornEntry() throws IOException {
        channel.truncate(end);
        byte[] version = new byte[4];
        BigEndian.putInt(version, 0, lastVersion + 1);
        append(LOST_VERSION, version);
        lastVersion++;
    }

    private boolean zeroFrom(long position, long size) throws IOException {
        byte[] rest = read(position, (int) Math.min(size - position, MAX_ENTRY_BYTES), size);
        if (rest != null) {
            for (byte b : rest) {
                if (b != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns the bytes, or null if the file ends before them. */
    private byte @Nullable [] read(long position, int length, long size) throws IOException {
        if (length > size - position) {
            return null;
        }
        byte[] bytes = new byte[length];
        ByteBuffer remaining = ByteBuffer.wrap(bytes);
        while (remaining.hasRemaining()) {
            if (channel.read(remaining, position + remaining.position()) < 0) {
                return null;
            }
        }
        return bytes;
    }

    private int crc(byte[] bytes, int length) {
        crc.reset();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private QueueException damaged(String what, long position, @Nullable Throwable cause) {
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "the queue's relations cannot be read: " + what + "; " + path + " at " + position + BeginAnew.REMEDY,
                cause);
    }

    private QueueException newer(String what) {
        return new QueueException(
                ErrorCode.QUEUE_FORMAT,
                "the queue's relations are in a newer format: " + what + "; " + path
                        + ". Run the version of pgcdc that wrote it, or a later one.");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be closed", path, e);
        }
    }
}
