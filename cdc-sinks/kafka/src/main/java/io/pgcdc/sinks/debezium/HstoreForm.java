package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.ValueEncoder;
import io.pgcdc.model.PgType;

/** Writes hstore as a string that contains a JSON object. The keys are in the server's order. */
final class HstoreForm implements ValueForm {

    private final ValueEncoder object;
    private final JsonBuffer text = new JsonBuffer();

    HstoreForm(PgType type) {
        this.object = ValueEncoder.of(type);
    }

    /** Returns the text of the JSON object. */
    String read(byte[] b, int offset, int length) {
        text.clear();
        object.encode(b, offset, length, text);
        return text.toString();
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        text.clear();
        object.encode(b, offset, length, text);
        out.appendString(text.array(), 0, text.length());
    }
}
