package io.pgcdc.wire;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import java.nio.ByteBuffer;

/**
 * The two messages that a server sends inside CopyData.
 *
 * <pre>
 *  XLogData       0      1              9            17             25
 *                 +------+--------------+------------+--------------+---------
 *                 | 'w'  | LSN          | WAL end    | server time  | payload
 *                 +------+--------------+------------+--------------+---------
 *  Keepalive      0      1              9            17       18
 *                 +------+--------------+------------+--------+
 *                 | 'k'  | WAL end      | time       | reply  |
 *                 +------+--------------+------------+--------+
 * </pre>
 */
final class Frame {

    private static final int LSN = 1;
    private static final int SERVER_TIME = 17;
    private static final int PAYLOAD = 25;
    private static final int KEEPALIVE_LENGTH = 18;
    private static final int KEEPALIVE_REPLY = 17;

    /** Microseconds from 1970-01-01 to 2000-01-01. */
    static final long EPOCH_MICROS = 946_684_800_000_000L;

    private Frame() {}

    static void dispatch(byte[] message, FrameHandler handler) {
        byte type = message.length == 0 ? 0 : message[0];
        if (type == 'w' && message.length > PAYLOAD) {
            ByteBuffer header = ByteBuffer.wrap(message);
            handler.data(
                    header.getLong(LSN),
                    header.getLong(SERVER_TIME) + EPOCH_MICROS,
                    message,
                    PAYLOAD,
                    message.length - PAYLOAD);
        } else if (type == 'k' && message.length == KEEPALIVE_LENGTH) {
            handler.keepalive(ByteBuffer.wrap(message).getLong(LSN), message[KEEPALIVE_REPLY] != 0);
        } else {
            throw new DecodeException(
                    ErrorCode.DECODE_UNKNOWN_MESSAGE,
                    "replication message of type " + (type & 0xFF) + " and " + message.length
                            + " bytes is unknown. Report this with the server's version.");
        }
    }
}
