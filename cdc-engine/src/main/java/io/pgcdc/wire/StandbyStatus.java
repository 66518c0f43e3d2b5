package io.pgcdc.wire;

import java.nio.ByteBuffer;

/**
 * The Standby status update, in one reused buffer.
 *
 * <pre>
 *  0      1            9            17           25           33      34
 *  +------+------------+------------+------------+------------+-------+
 *  | 'r'  | written    | flushed    | applied    | time       | reply |
 *  +------+------------+------------+------------+------------+-------+
 * </pre>
 */
final class StandbyStatus {

    private static final int LENGTH = 34;

    private final ByteBuffer message = ByteBuffer.allocate(LENGTH);

    byte[] write(long received, long flushed, long nowMillis, boolean requestReply) {
        message.clear();
        message.put((byte) 'r');
        message.putLong(received);
        message.putLong(flushed);
        message.putLong(flushed);
        message.putLong(nowMillis * 1000 - Frame.EPOCH_MICROS);
        message.put((byte) (requestReply ? 1 : 0));
        return message.array();
    }
}
