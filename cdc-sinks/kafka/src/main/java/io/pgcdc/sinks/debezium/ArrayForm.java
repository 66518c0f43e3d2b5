package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.ArrayText;

/** Writes arrays element by element. Leaves out dimensions and bounds, because an array in Kafka Connect has one dimension. */
final class ArrayForm implements ValueForm {

    private final ArrayText text;
    private final ValueForm element;

    ArrayForm(char delimiter, ValueForm element) {
        text = new ArrayText(delimiter);
        this.element = element;
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        text.begin(b, offset, length);
        int before = '[';
        while (text.next()) {
            out.appendByte(before);
            before = ',';
            if (text.isNull()) {
                out.appendAscii(ColumnForm.NULL);
            } else {
                element.append(text.buffer(), text.offset(), text.length(), out);
            }
        }
        if (before == '[') {
            out.appendByte(before);
        }
        out.appendByte(']');
    }
}
