package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.text.DecimalText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes readers of Debezium's own forms. */
final class ObjectForms {

    private ObjectForms() {}

    /** Returns the reader for a form that writes ASCII in quotes, without escapes: it reads what is between the quotes. */
    static ValueReader quoted(ValueForm form) {
        JsonBuffer json = new JsonBuffer();
        return (b, offset, length) -> {
            json.clear();
            form.append(b, offset, length, json);
            return unquoted(json);
        };
    }

    static String unquoted(JsonBuffer json) {
        return new String(json.array(), 1, json.length() - 2, StandardCharsets.US_ASCII);
    }

    /** Returns the reader of numeric without a scale: scale and unscaled integer, without trailing zeros. NaN and infinities become null. */
    static ValueReader variableScale() {
        DecimalText text = new DecimalText();
        return (b, offset, length) -> {
            if (!text.begin(b, offset, length)) {
                return null;
            }
            text.stripZeros();
            int scale = text.fraction();
            text.unscale(scale);
            return new Object[] {scale, Arrays.copyOf(text.bytes(), text.count())};
        };
    }
}
