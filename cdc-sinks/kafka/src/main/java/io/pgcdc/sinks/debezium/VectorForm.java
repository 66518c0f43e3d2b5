package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.text.Misfit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes int2vector and oidvector as arrays of numbers. Their text has blanks between the numbers. */
final class VectorForm implements ValueForm {

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        out.appendByte('[');
        for (int i = offset; i < offset + length; i++) {
            boolean digit = (b[i] >= '0' && b[i] <= '9') || b[i] == '-';
            if (!digit && b[i] != ' ') {
                throw Misfit.of("vector", i - offset);
            }
            out.appendByte(digit ? b[i] : ',');
        }
        out.appendByte(']');
    }

    /** Returns the reader of a vector as a list. */
    static ValueReader objects(ValueReader element) {
        return (b, offset, length) -> {
            List<@Nullable Object> elements = new ArrayList<>();
            int end = offset + length;
            for (int from = offset; from < end; ) {
                int to = from;
                while (to < end && b[to] != ' ') {
                    to++;
                }
                elements.add(element.read(b, from, to - from));
                from = to + 1;
            }
            return elements;
        };
    }
}
