package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.DecimalText;

/**
 * Writes numeric exactly: base64 of the unscaled integer in two's complement, big-endian, with as few bytes as possible.
 *
 * <pre>
 *   1.50 under numeric(10,2)   "AJY="
 *   1.50 under numeric         {"scale":1,"value":"Dw=="}      without trailing zeros after the point
 * </pre>
 *
 * NaN and the infinities become null, because they have no unscaled integer.
 */
final class DecimalForm implements ValueForm {

    private final boolean variable;
    private final int scale;
    private final DecimalText text = new DecimalText();

    private DecimalForm(boolean variable, int scale) {
        this.variable = variable;
        this.scale = scale;
    }

    /**
     * Returns the form for a fixed scale.
     *
     * @param scale number of digits after the point. If it is negative, that many zeros before the point are left out
     */
    static DecimalForm ofScale(int scale) {
        return new DecimalForm(false, scale);
    }

    static DecimalForm ofVariableScale() {
        return new DecimalForm(true, 0);
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        if (!text.begin(b, offset, length)) {
            out.appendAscii(ColumnForm.NULL);
            return;
        }
        if (variable) {
            text.stripZeros();
        }
        int wanted = variable ? text.fraction() : scale;
        text.unscale(wanted);
        if (variable) {
            out.appendAscii("{\"scale\":").appendLong(wanted).appendAscii(",\"value\":");
        }
        out.appendBase64(text.bytes(), 0, text.count());
        if (variable) {
            out.appendByte('}');
        }
    }
}
