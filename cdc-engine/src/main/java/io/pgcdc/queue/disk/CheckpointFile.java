package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.BeginAnew;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.CheckpointLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Checkpoint} on disk: two slots in one file of fixed size. The newest valid slot counts. The slot that was forced last is
 * not written until the other one is forced. So a power failure can only damage the slot that is being written.
 *
 * <pre>
 *      0  slot A: | magic "PGCK" 4 | version 2 | value length 2 | sequence 8 | CRC32C 4 | value |
 *   4096  slot B: the same                       CRC over version to sequence, and the value
 *   8192  end
 * </pre>
 *
 * A value with an extra part has version 2. Then there follows, still in the slot:
 *
 * <pre>
 *   | length of the extra part 4 | CRC32C 4 | extra part |    CRC over version to sequence, value, that length, and the extra part
 * </pre>
 *
 * Belongs to one thread.
 */
public final class CheckpointFile<T> implements Checkpoint<T> {

    static final int SLOT_BYTES = 4096;

    private static final int MAGIC = 'P' << 24 | 'G' << 16 | 'C' << 8 | 'K';
    private static final int VERSION = 1;
    private static final int VERSION_WITH_EXTRA = 2;
    private static final int VERSION_AT = 4;
    private static final int LENGTH_AT = 6;
    private static final int SEQUENCE_AT = 8;
    private static final int CRC_AT = 16;
    private static final int VALUE_AT = 20;

    private final Path path;
    private final CheckpointLayout<T> layout;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer slot;

    /** Offset in a slot of the length of the extra part. */
    private final int extraAt;

    private @Nullable FileChannel channel;
    private @Nullable T current;
    private long sequence;
    private int forcedSlot;
    private boolean unforced;

    private CheckpointFile(Path path, CheckpointLayout<T> layout) {
        this.path = path;
        this.layout = layout;
        this.slot = ByteBuffer.allocate(SLOT_BYTES);
        this.extraAt = VALUE_AT + layout.length();
    }

    /**
     * Opens the file, which may not exist yet.
     *
     * @throws QueueException QUEUE_DAMAGED if the file exists and neither slot is valid; QUEUE_FORMAT; QUEUE_IO
     */
    public static <T> CheckpointFile<T> open(Path path, CheckpointLayout<T> layout) {
        CheckpointFile<T> file = new CheckpointFile<>(path, layout);
        try {
            if (Files.exists(path)) {
                file.load();
            }
            return file;
        } catch (IOException e) {
            file.close();
            throw SegmentFile.io("cannot be read", path, e);
        } catch (QueueException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Returns the newest value without changing the file; null: there is no file.
     *
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO
     */
    static <T> @Nullable T peek(Path path, CheckpointLayout<T> layout) {
        if (!Files.exists(path)) {
            return null;
        }
        CheckpointFile<T> file = new CheckpointFile<>(path, layout);
        try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ)) {
            file.load(from);
            return file.current;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", path, e);
        }
    }

    @Override
    public @Nullable T current() {
        return current;
    }

    @Override
    public boolean hasMoved() {
        return sequence > 1;
    }

    @Override
    public void write(T value) {
        try {
            FileChannel to = channel;
            if (to == null) {
                create(value);
            } else {
                put(to, 1 - forcedSlot, value, sequence + 1);
                sequence++;
                unforced = true;
            }
            current = value;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", path, e);
        }
    }

    @Override
    public void force() {
        FileChannel to = channel;
        if (to == null || !unforced) {
            return;
        }
        try {
            to.force(false);
            forcedSlot = 1 - forcedSlot;
            unforced = false;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be forced to disk", path, e);
        }
    }

    /** Creates the file atomically with both slots: an existing file always has a valid slot. */
    private void create(T value) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(2 * SLOT_BYTES);
        sequence = 1;
        for (int i = 0; i < 2; i++) {
            encode(value, sequence);
            whole.put(i * SLOT_BYTES, slot.array(), 0, slot.limit());
        }
        DurableFiles.write(path, whole.array());
        channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        forcedSlot = 0;
    }

    private void put(FileChannel to, int at, T value, long newSequence) throws IOException {
        encode(value, newSequence);
        while (slot.hasRemaining()) {
            to.write(slot, (long) at * SLOT_BYTES + slot.position());
        }
    }

    /** Puts a slot's content between the buffer's beginning and its limit. */
    private void encode(T value, long newSequence) {
        byte[] extra = layout.extra(value);
        slot.clear();
        slot.putInt(MAGIC)
                .putShort((short) (extra.length == 0 ? VERSION : VERSION_WITH_EXTRA))
                .putShort((short) layout.length())
                .putLong(newSequence)
                .putInt(0);
        layout.put(value, slot);
        slot.putInt(CRC_AT, crc(slot.array()));
        if (extra.length > 0) {
            slot.putInt(extra.length).putInt(0).put(extra);
            slot.putInt(extraAt + Integer.BYTES, extraCrc(slot.array(), extra.length));
        }
        slot.flip();
    }

    private void load() throws IOException {
        FileChannel from = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel = from;
        load(from);
        from.force(false); // a killed process may have written without forcing
    }

    private void load(FileChannel from) throws IOException {
        boolean found = false;
        for (int i = 0; i < 2; i++) {
            slot.clear();
            while (slot.hasRemaining() && from.read(slot, (long) i * SLOT_BYTES + slot.position()) >= 0) {
                // until the slot is full or the file ends
            }
            if (slot.hasRemaining() || !valid()) {
                continue;
            }
            long slotSequence = slot.getLong(SEQUENCE_AT);
            if (!found || slotSequence > sequence) {
                found = true;
                sequence = slotSequence;
                forcedSlot = i;
                slot.position(VALUE_AT);
                current = withExtra(layout.get(slot));
            }
        }
        if (!found) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "checkpoint cannot be read: neither of its slots is valid; " + path + BeginAnew.REMEDY);
        }
    }

    private boolean valid() {
        byte[] bytes = slot.array();
        if (slot.getInt(0) != MAGIC || slot.getInt(CRC_AT) != crc(bytes)) {
            return false;
        }
        int version = slot.getShort(VERSION_AT);
        if (version != VERSION && version != VERSION_WITH_EXTRA) {
            throw new QueueException(
                    ErrorCode.QUEUE_FORMAT,
                    "checkpoint has format " + version + ", this version reads up to " + VERSION_WITH_EXTRA + "; "
                            + path + ". Run the version of pgcdc that wrote it, or a later one.");
        }
        return slot.getShort(LENGTH_AT) == layout.length() && (version == VERSION || extraIsValid(bytes));
    }

    private boolean extraIsValid(byte[] bytes) {
        int length = slot.getInt(extraAt);
        return length > 0
                && length <= SLOT_BYTES - extraAt - 2 * Integer.BYTES
                && slot.getInt(extraAt + Integer.BYTES) == extraCrc(bytes, length);
    }

    private T withExtra(T value) {
        if (slot.getShort(VERSION_AT) == VERSION) {
            return value;
        }
        byte[] extra = new byte[slot.getInt(extraAt)];
        slot.get(extraAt + 2 * Integer.BYTES, extra);
        return layout.with(value, extra);
    }

    private int extraCrc(byte[] bytes, int length) {
        crc.reset();
        crc.update(bytes, VERSION_AT, CRC_AT - VERSION_AT);
        crc.update(bytes, VALUE_AT, extraAt + Integer.BYTES - VALUE_AT);
        crc.update(bytes, extraAt + 2 * Integer.BYTES, length);
        return (int) crc.getValue();
    }

    private int crc(byte[] bytes) {
        crc.reset();
        crc.update(bytes, VERSION_AT, CRC_AT - VERSION_AT);
        crc.update(bytes, VALUE_AT, extraAt - VALUE_AT);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw SegmentFile.io("cannot be closed", path, e);
        }
    }
}
