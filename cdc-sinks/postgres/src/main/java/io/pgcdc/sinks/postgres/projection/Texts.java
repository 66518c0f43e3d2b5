package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.Nullable;

/**
 * The values of a row, one per field, as the text that the server prints. A value is null for SQL null. It is absent if the source did
 * not send it because it did not change.
 */
final class Texts {

    private static final byte[] ABSENT = {};

    private final byte[][] texts;
    private boolean part;

    /** Creates a row whose values are all absent. */
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

    /** Returns the value, or null for SQL null. Do not call this for an absent value. */
    byte @Nullable [] get(int field) {
        return texts[field];
    }

    void set(int field, byte @Nullable [] text) {
        texts[field] = text;
    }

    /** Notes that the source did not send all values. */
    void setPart() {
        part = true;
    }

    /** Returns true if the source did not send all values of the row. */
    boolean isPart() {
        return part;
    }

    /** Makes a value absent that the source did send: it changes nothing. */
    void setAbsent(int field) {
        texts[field] = ABSENT;
    }

    /** Replaces values by those of the other row that are not absent. */
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
