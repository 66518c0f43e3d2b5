package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/** Makes the schemas, keys and values of logical messages. For one thread. */
public final class AvroMessages {

    private final Schema keySchema;
    private final Schema valueSchema;
    private final JsonBuffer scratch = new JsonBuffer();

    public AvroMessages(AvroOptions options) {
        keySchema = AvroSchemas.messageKey(options.prefix());
        valueSchema = AvroSchemas.message(options.prefix());
    }

    public Schema keySchema() {
        return keySchema;
    }

    public Schema valueSchema() {
        return valueSchema;
    }

    public void appendKey(MessageView message, JsonBuffer out) {
        Binary.appendBytes(message.prefix().getBytes(StandardCharsets.UTF_8), out);
    }

    /**
     * Appends the value.
     *
     * @param change the message as a change
     */
    public void appendValue(Change change, MessageView message, JsonBuffer out) {
        Head.appendPosition(change, scratch, out);
        appendKey(message, out);
        Binary.appendBytes(message.buffer(), message.offset(), message.length(), out);
        Binary.appendBool(message.transactional(), out);
        Binary.appendLong(change.commitTimeMicros(), out);
        Head.appendXid(change, out);
        Head.appendLsn(change, scratch, out);
        Head.appendOrigin(change, out);
    }
}
