package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.object.DecimalReader;
import io.pgcdc.sinks.text.DecimalText;
import io.pgcdc.sinks.text.Misfit;
import java.math.BigDecimal;

/** Writes numeric with a known scale as an Avro decimal: the bytes of the unscaled integer. */
final class DecimalValue implements AvroValue {

    private final int scale;
    private final DecimalText text = new DecimalText();

    DecimalValue(int scale) {
        this.scale = scale;
    }

    private void begin(byte[] b, int offset, int length) {
        if (!text.begin(b, offset, length)) {
            throw Unfit.of("NaN, which a decimal cannot be");
        }
        if (text.fraction() > scale) {
            throw Misfit.of("numeric: more decimal places than its scale", length);
        }
    }

    BigDecimal decimal(byte[] b, int offset, int length) {
        begin(b, offset, length);
        return DecimalReader.decimal(text, scale);
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        begin(b, offset, length);
        text.unscale(scale);
        Binary.appendBytes(text.bytes(), 0, text.count(), out);
    }
}
