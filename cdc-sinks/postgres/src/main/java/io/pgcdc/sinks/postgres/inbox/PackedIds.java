package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Ids of rows. They are packed in one array, because there may be millions. For one thread. */
final class PackedIds {

    private byte[] packed = new byte[64];
    private int length;
    private int count;

    /** Appends the id's length and the id. */
    void add(byte[] id) {
        int end = length + Integer.BYTES + id.length;
        if (end > packed.length) {
            packed = Arrays.copyOf(packed, Math.max(end, 2 * packed.length));
        }
        ByteBuffer.wrap(packed).putInt(length, id.length);
        System.arraycopy(id, 0, packed, length + Integer.BYTES, id.length);
        length = end;
        count++;
    }

    int count() {
        return count;
    }

    void addTo(TextArray array) {
        for (int at = 0; at < length; ) {
            int size = ByteBuffer.wrap(packed).getInt(at);
            array.add(packed, at + Integer.BYTES, size);
            at += Integer.BYTES + size;
        }
    }
}
