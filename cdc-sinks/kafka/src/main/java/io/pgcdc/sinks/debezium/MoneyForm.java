package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;

/** Writes money like a numeric with two digits after the point. */
final class MoneyForm implements ValueForm {

    static final int SCALE = 2;

    private final ValueForm numeric;
    private final MoneyText plain = new MoneyText();

    MoneyForm(ValueForm numeric) {
        this.numeric = numeric;
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int count = plain.read(b, offset, length);
        numeric.append(plain.buffer(), 0, count, out);
    }
}
