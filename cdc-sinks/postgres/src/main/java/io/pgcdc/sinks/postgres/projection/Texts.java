package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.Nullable;

/**
 * The values of a row as the server prints them, one per field. Each may be null, or absent: it did not change, so the source did
 * not send it.
 */
final class Texts {

    private static final byte[] ABSENT = {};

    private final byte[][] texts;

    /** Creates it with all values absent. */
    Texts(int size) {
        texts = new byte[size][];
        java.util.Arrays.fill(texts, ABSENT);
    }

    int size() {
        return texts.length;
    }

    @SuppressWarnings("ReferenceEquality") // an empty text is a value
    boolean isAbsent(int field) {
        return texts[field] == ABSENT;
    }

    /** Returns null for SQL null. Undefined if absent. */
    byte @Nullable [] get(int field) {
        return texts[field];
    }

    void set(int field, byte @Nullable [] text) {
        texts[field] = text;
    }

    /** Takes over the other's values. */
    void merge(Texts other) {
        for (int i = 0; i < texts.length; i++) {
            if (!other.isAbsent(i)) {
                texts[i] = other.texts[i];
            }
        }
    }

    boolean anyAbsent() {
        for (int i = 0; i < texts.length; i++) {
            if (isAbsent(i)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the approximate size in bytes. */
    long bytes() {
        long sum = 0;
        for (byte[] text : texts) {
            sum += text == null ? 1 : text.length + 1;
        }
        return sum;
    }
}
