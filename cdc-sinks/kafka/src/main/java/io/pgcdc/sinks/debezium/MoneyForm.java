package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;

/** Writes money like a numeric with two digits after the point. Its text under {@code lc_monetary = C} is {@code -$1,234.56}. */
final class MoneyForm implements ValueForm {

    static final int SCALE = 2;

    /** The length of -92233720368547758.08. */
    private static final int LONGEST = 21;

    private final ValueForm numeric;
    private final byte[] plain = new byte[LONGEST];

    MoneyForm(ValueForm numeric) {
        this.numeric = numeric;
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int count = 0;
        for (int i = offset; i < offset + length; i++) {
            byte c = b[i];
            if (c == '$' || c == ',') {
                continue;
            }
            boolean fits = (c >= '0' && c <= '9') || c == '.' || (c == '-' && count == 0);
            if (!fits || count == LONGEST) {
                throw Misfit.of("money", i - offset);
            }
            plain[count++] = c;
        }
        numeric.append(plain, 0, count, out);
    }
}
