package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.Nullable;

/** The values of a row as the server prints them, one a field; each may be null, or absent: the source did not send it, for it did not change. */
final class Texts {

    private static final byte[] ABSENT = {};

    private final byte[][] texts;

    /** All absent. */
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

    /** Null for SQL null; nothing that counts when absent. */
    byte @Nullable [] get(int field) {
        return texts[field];
    }

    void set(int field, byte @Nullable [] text) {
        texts[field] = text;
    }

    /** Takes the values that the other has. */
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

    /** About. */
    long bytes() {
        long sum = 0;
        for (byte[] text : texts) {
            sum += text == null ? 1 : text.length + 1;
        }
        return sum;
    }
}
