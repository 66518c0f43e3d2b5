package io.pgcdc.sinks.object;

import io.pgcdc.sinks.text.DecimalText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads numeric with a known scale. NaN and the infinities become null. */
public final class DecimalReader implements ValueReader {

    private final int scale;
    private final DecimalText text = new DecimalText();

    /** @param scale number of digits after the point. If it is negative, that many zeros before the point are left out */
    public DecimalReader(int scale) {
        this.scale = scale;
    }

    @Override
    public @Nullable BigDecimal read(byte[] b, int offset, int length) {
        if (!text.begin(b, offset, length)) {
            return null;
        }
        return decimal(text, scale);
    }

    /** Returns the number whose text has begun, with this scale. */
    public static BigDecimal decimal(DecimalText text, int scale) {
        text.unscale(scale);
        return text.isLong()
                ? BigDecimal.valueOf(text.longValue(), scale)
                : new BigDecimal(new BigInteger(Arrays.copyOf(text.bytes(), text.count())), scale);
    }
}
