package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.object.ArrayReader;
import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.text.ArrayText;

/** Writes an array of one dimension as one Avro block of nullable elements. Leaves out the array's bounds. */
final class ArrayValue implements AvroValue {

    private static final int KEPT_BYTES = 1 << 20;

    private final ArrayText text;
    private final AvroValue element;
    private JsonBuffer elements = new JsonBuffer();

    ArrayValue(char delimiter, AvroValue element) {
        text = new ArrayText(delimiter);
        this.element = element;
    }

    private static void begin(ArrayText text, byte[] b, int offset, int length) {
        text.begin(b, offset, length);
        if (text.dimensions() > 1) {
            throw Unfit.of("an array of several dimensions, which the format does not have");
        }
    }

    /** Returns the reader of an array as a list. */
    static ValueReader objects(char delimiter, ValueReader element) {
        ArrayText text = new ArrayText(delimiter);
        return (b, offset, length) -> {
            begin(text, b, offset, length);
            return ArrayReader.elements(text, element);
        };
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        begin(text, b, offset, length);
        elements.clear();
        long count = 0;
        for (; text.next(); count++) {
            if (text.isNull()) {
                elements.appendByte(Binary.NULL);
            } else {
                elements.appendByte(Binary.NOT_NULL);
                element.append(text.buffer(), text.offset(), text.length(), elements);
            }
        }
        if (count > 0) {
            Binary.appendLong(count, out);
            out.append(elements.array(), 0, elements.length());
        }
        out.appendByte(0); // no other block
        if (elements.array().length > KEPT_BYTES) {
            elements = new JsonBuffer();
        }
    }
}
