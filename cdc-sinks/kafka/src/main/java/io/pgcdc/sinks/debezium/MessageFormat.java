package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;

/** Writes the keys and values of logical messages. */
final class MessageFormat {

    private static final byte[] SOURCE_NAMES = Envelope.bytes(",\"schema\":\"\",\"table\":\"\",\"txId\":");

    private final BinaryForm content;
    private final Envelope envelope;
    private final byte[] keyHead;
    private final byte[] valueHead;
    private final byte[] end;

    MessageFormat(DebeziumOptions options, Envelope envelope) {
        this.envelope = envelope;
        content = new BinaryForm(options.binary());
        MessageShape shape = new MessageShape(options.binary());
        boolean schemas = options.schemas();
        keyHead = Envelope.bytes((schemas ? TableFormat.payload(shape.keySchema()) : "") + "{\"prefix\":");
        valueHead = Envelope.bytes((schemas ? TableFormat.payload(shape.valueSchema()) : "") + "{");
        end = Envelope.bytes(schemas ? "}}" : "}");
    }

    void appendKey(MessageView message, JsonBuffer out) {
        out.append(keyHead).appendString(message.prefix()).append(end);
    }

    void appendValue(Change change, MessageView message, JsonBuffer out) {
        out.append(valueHead);
        envelope.appendMessageOp(out);
        envelope.appendSource(change, SOURCE_NAMES, out);
        out.appendAscii(",\"message\":{\"prefix\":").appendString(message.prefix());
        out.appendAscii(",\"content\":");
        content.appendBytes(message.buffer(), message.offset(), message.length(), out);
        out.appendByte('}').append(end);
    }
}
