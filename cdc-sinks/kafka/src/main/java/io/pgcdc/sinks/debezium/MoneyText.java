package io.pgcdc.sinks.debezium;

import io.pgcdc.sinks.text.Misfit;

/** Reads money as the text of a numeric. Its text under {@code lc_monetary = C} is {@code -$1,234.56}. */
final class MoneyText {

    /** The length of -92233720368547758.08. */
    private static final int LONGEST = 21;

    private final byte[] plain = new byte[LONGEST];

    /** Puts the text of the number into the {@link #buffer}. Returns its length. */
    int read(byte[] b, int offset, int length) {
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
        return count;
    }

    byte[] buffer() {
        return plain;
    }
}
