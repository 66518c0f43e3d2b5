package io.pgcdc.sinks.debezium;

import io.pgcdc.sinks.object.ValueReader;
import org.jspecify.annotations.Nullable;

/** Reads money like a numeric with two digits after the point. */
final class MoneyReader implements ValueReader {

    private final ValueReader numeric;
    private final MoneyText plain = new MoneyText();

    MoneyReader(ValueReader numeric) {
        this.numeric = numeric;
    }

    @Override
    public @Nullable Object read(byte[] b, int offset, int length) {
        int count = plain.read(b, offset, length);
        return numeric.read(plain.buffer(), 0, count);
    }
}
