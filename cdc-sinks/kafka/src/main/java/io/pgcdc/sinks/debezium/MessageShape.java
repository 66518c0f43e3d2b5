package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import java.util.Arrays;
import java.util.List;

/** Logical messages as Debezium shows them: their schemas, and the form of their content. For one thread. */
public final class MessageShape {

    private static final ConnectSchema KEY_SCHEMA = ConnectSchema.struct(
                    List.of(ConnectSchema.STRING.field(true, "prefix")))
            .named("io.debezium.connector.postgresql.MessageKey", 1);

    private final BinaryMode mode;
    private final BinaryForm form;
    private final JsonBuffer text = new JsonBuffer();

    public MessageShape(BinaryMode mode) {
        this.mode = mode;
        form = new BinaryForm(mode);
    }

    public ConnectSchema keySchema() {
        return KEY_SCHEMA;
    }

    public ConnectSchema valueSchema() {
        return Envelope.messageSchema(form.schema());
    }

    /** Returns the content: bytes, or the mode's text. */
    public Object content(byte[] b, int offset, int length) {
        if (mode == BinaryMode.BYTES) {
            return Arrays.copyOfRange(b, offset, offset + length);
        }
        text.clear();
        form.appendBytes(b, offset, length, text);
        return ObjectForms.unquoted(text);
    }
}
