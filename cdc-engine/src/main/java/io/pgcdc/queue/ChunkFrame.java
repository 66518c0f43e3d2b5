package io.pgcdc.queue;

import java.nio.charset.StandardCharsets;

/**
 * Tells what a chunk of a snapshot holds, and for whom: the first frame of each of its segments. A start reads it back, because the queue may
 * have chunks that the ledger does not know yet. pgoutput has no message of this type.
 *
 * <pre>
 *   'x' 1 | id of the snapshot, space, names of sinks with commas between them or *, space, the ledger's text of the chunk; UTF-8
 * </pre>
 */
public final class ChunkFrame {

    public static final byte TYPE = 'x';

    private ChunkFrame() {}

    /** Adds the frame to an empty segment. */
    public static void add(SegmentBuilder to, ChunkLabel label) {
        byte[] text = label.encode();
        byte[] frame = new byte[1 + text.length];
        frame[0] = TYPE;
        System.arraycopy(text, 0, frame, 1, text.length);
        to.addFrame(0, frame, 0, frame.length);
    }

    /**
     * Returns the label in a frame.
     *
     * @throws IllegalArgumentException the text is none
     */
    public static ChunkLabel label(byte[] bytes, int offset, int length) {
        return ChunkLabel.decode(new String(bytes, offset + 1, length - 1, StandardCharsets.UTF_8));
    }

    /** Returns true if the bytes are such a frame. Checks the type only. */
    public static boolean is(byte[] bytes, int offset, int length) {
        return length > 0 && bytes[offset] == TYPE;
    }
}
