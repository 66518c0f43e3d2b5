package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A stored segment in memory. A {@link SegmentReader} loads it; {@link #nextFrame} then walks its frames. One buffer is used for many
 * segments. Belongs to one thread.
 *
 * <p>A store that loads a segment in several reads calls {@link #prepare}, then {@link #grow} if the segment has further pieces, then
 * {@link #loaded}.
 */
public final class SegmentView {

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[SegmentBuilder.INITIAL_BYTES];
    private final SegmentHeader header = new SegmentHeader(bytes);

    /** Header included. 0: nothing is loaded. */
    private int length;

    private Object location = "in memory";
    private int nextFrameAt;
    private int frameAt;
    private int frameLength;

    /** Returns the header of the loaded segment. */
    public SegmentHeader header() {
        return header;
    }

    /** Returns the bytes that {@link #frameOffset} points into. They change with the next load. */
    public byte[] array() {
        return bytes;
    }

    /**
     * Returns the length of the loaded segment, header included.
     *
     * @throws IllegalStateException nothing is loaded
     */
    public int length() {
        if (length == 0) {
            throw new IllegalStateException("no segment is loaded");
        }
        return length;
    }

    // ---- the frames

    /** Puts the cursor before the first frame. */
    public void rewind() {
        nextFrameAt = SegmentHeader.LENGTH;
    }

    /**
     * Steps to the next frame.
     *
     * @return false after the last one
     * @throws QueueException when a frame's length leaves the segment
     */
    public boolean nextFrame() {
        int limit = length();
        if (nextFrameAt == limit) {
            return false;
        }
        int next = limit - nextFrameAt < SegmentHeader.FRAME_HEADER_LENGTH
                ? -1
                : BigEndian.getInt(bytes, nextFrameAt + SegmentHeader.FRAME_LENGTH_AT);
        if (next < 0 || next > limit - nextFrameAt - SegmentHeader.FRAME_HEADER_LENGTH) {
            throw SegmentHeader.damaged(location, "frame at offset " + nextFrameAt + " leaves the segment");
        }
        frameAt = nextFrameAt;
        frameLength = next;
        nextFrameAt += SegmentHeader.FRAME_HEADER_LENGTH + next;
        return true;
    }

    /** Returns the LSN from the header of the 'w' message that brought the frame. */
    public long frameLsn() {
        return BigEndian.getLong(bytes, frameAt + SegmentHeader.FRAME_LSN_AT);
    }

    /** Returns the offset in {@link #array} of the message's first byte. */
    public int frameOffset() {
        return frameAt + SegmentHeader.FRAME_HEADER_LENGTH;
    }

    public int frameLength() {
        return frameLength;
    }

    // ---- loading, for stores

    /**
     * Copies a stored segment into this buffer.
     *
     * @param from named in later errors (file, position, index); its toString is called only then
     * @throws QueueException QUEUE_DAMAGED or QUEUE_FORMAT: the bytes are not one whole, undamaged segment
     */
    public void load(byte[] source, int offset, int count, Object from) {
        Objects.checkFromIndexSize(offset, count, source.length);
        prepare(count);
        System.arraycopy(source, offset, bytes, 0, count);
        header.validate(count, from);
        loaded(count, from);
    }

    /** Returns an array with room for a segment of that length at its beginning. Unloads the current segment. */
    public byte[] prepare(int newLength) {
        length = 0;
        if (newLength > SegmentBuilder.MAX_BYTES) {
            throw new IllegalArgumentException("segment of " + newLength + " bytes");
        }
        boolean larger = bytes.length > SegmentBuilder.RETAINED_BYTES;
        int needed = Math.max(SegmentBuilder.INITIAL_BYTES, newLength);
        if (needed > bytes.length || (larger && needed <= SegmentBuilder.RETAINED_BYTES)) {
            useArray(new byte[SegmentBuilder.roundUp(needed)]);
        }
        return bytes;
    }

    /** Returns an array with room for a segment of that length, and with the bytes of the last {@link #prepare}. */
    public byte[] grow(int newLength) {
        if (newLength > bytes.length) {
            useArray(Arrays.copyOf(bytes, SegmentBuilder.roundUp(newLength)));
        }
        return bytes;
    }

    /**
     * Accepts the array's bytes as the loaded segment. Call {@link SegmentHeader#validate} first.
     *
     * @throws QueueException QUEUE_DAMAGED: the frames do not fit the header
     */
    public void loaded(int newLength, Object from) {
        location = from;
        length = newLength;
        rewind();
        int framesLength = header.framesLength();
        if (framesLength != newLength - SegmentHeader.LENGTH) {
            throw SegmentHeader.damaged(
                    from,
                    "the header promises " + framesLength + " bytes of frames, there are "
                            + (newLength - SegmentHeader.LENGTH));
        }
        if (SegmentHeader.framesCrc(bytes, framesLength, crc) != header.framesCrc()) {
            throw SegmentHeader.damaged(from, "the CRC of the segment's frames does not match");
        }
    }

    private void useArray(byte[] array) {
        bytes = array;
        header.wrap(array);
    }
}
