package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.DecimalText;
import io.pgcdc.sinks.text.Misfit;

/** Writes numeric with a known scale as an Avro decimal: the bytes of the unscaled integer. */
final class DecimalValue implements AvroValue {

    private final int scale;
    private final DecimalText text = new DecimalText();

    DecimalValue(int scale) {
        this.scale = scale;
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        if (!text.begin(b, offset, length)) {
            throw Unfit.of("NaN, which a decimal cannot be");
        }
        if (text.fraction() > scale) {
            throw Misfit.of("numeric: more decimal places than its scale", length);
        }
        text.unscale(scale);
        Binary.appendBytes(text.bytes(), 0, text.count(), out);
    }
}
