package io.pgcdc.decode;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;

/**
 * Reads one message at a time and calls the handler's method for it. Not thread-safe. Allocates nothing for row messages.
 *
 * <p>Checks the fixed parts before it calls the handler, and a tuple when the handler first asks for it.
 */
public final class PgOutputDecoder {

    private final MessageReader reader = new MessageReader();
    private final BeginMessage begin = new BeginMessage();
    private final CommitMessage commit = new CommitMessage();
    private final OriginMessage origin = new OriginMessage();
    private final RelationMessage relation = new RelationMessage();
    private final TypeMessage type = new TypeMessage();
    private final InsertMessage insert = new InsertMessage(reader);
    private final UpdateMessage update = new UpdateMessage(reader);
    private final DeleteMessage delete = new DeleteMessage(reader);
    private final TruncateMessage truncate = new TruncateMessage();
    private final LogicalMessage message = new LogicalMessage();

    /** @throws DecodeException for a protocol version that this decoder does not support */
    @SuppressWarnings("MissingSummary")
    public PgOutputDecoder(int protocolVersion) {
        if (protocolVersion != PgOutput.VERSION) {
            throw new DecodeException(
                    ErrorCode.DECODE_UNSUPPORTED_VERSION,
                    "pgoutput protocol version " + protocolVersion + " is not supported, only " + PgOutput.VERSION
                            + ". Use a pgcdc that knows it.");
        }
    }

    /**
     * Decodes the message in {@code buffer[offset .. offset + length)}.
     *
     * @param lsn the frame's LSN, for error messages
     * @throws DecodeException if the bytes are not a message of protocol version 1
     */
    public void decode(byte[] buffer, int offset, int length, long lsn, PgOutputHandler handler) {
        reader.wrap(buffer, offset, length, lsn);
        byte messageType = reader.readByte();
        switch (messageType) {
            case PgOutput.INSERT -> handler.insert(insert.read());
            case PgOutput.UPDATE -> handler.update(update.read());
            case PgOutput.DELETE -> handler.delete(delete.read());
            case PgOutput.BEGIN -> handler.begin(begin.read(reader));
            case PgOutput.COMMIT -> handler.commit(commit.read(reader));
            case PgOutput.RELATION -> handler.relation(relation.read(reader));
            case PgOutput.TYPE -> handler.type(type.read(reader));
            case PgOutput.ORIGIN -> handler.origin(origin.read(reader));
            case PgOutput.TRUNCATE -> handler.truncate(truncate.read(reader));
            case PgOutput.MESSAGE -> handler.message(message.read(reader));
            default -> throw unknownType();
        }
    }

    // One method a message, for capture, which does not look into rows. Each takes a frame of that type.

    public BeginMessage begin(FrameHead frame) {
        return begin.read(content(frame));
    }

    public CommitMessage commit(FrameHead frame) {
        return commit.read(content(frame));
    }

    public OriginMessage origin(FrameHead frame) {
        return origin.read(content(frame));
    }

    public RelationMessage relation(FrameHead frame) {
        return relation.read(content(frame));
    }

    public TypeMessage type(FrameHead frame) {
        return type.read(content(frame));
    }

    public TruncateMessage truncate(FrameHead frame) {
        return truncate.read(content(frame));
    }

    public LogicalMessage message(FrameHead frame) {
        return message.read(content(frame));
    }

    /** Returns the error for a frame of a type that protocol version 1 does not have. */
    public DecodeException unknown(FrameHead frame) {
        content(frame);
        return unknownType();
    }

    private MessageReader content(FrameHead frame) {
        reader.wrap(frame.buffer(), frame.offset(), frame.length(), frame.lsn());
        reader.readByte();
        return reader;
    }

    private DecodeException unknownType() {
        return reader.error(ErrorCode.DECODE_UNKNOWN_MESSAGE, "unknown message type");
    }
}
