package io.pgcdc.view;

import java.util.regex.Pattern;

/** Replaces the values of a column. Null stays null. */
public sealed interface Mask {

    /** The same text for all values. */
    record Fixed(String text) implements Mask {
        @Override
        public String toString() {
            return FIXED + text;
        }
    }

    /** HMAC-SHA-256 of the value's text with the sink's salt, in hexadecimal. Equal values have equal hashes. */
    record Hash() implements Mask {
        @Override
        public String toString() {
            return HASH;
        }
    }

    /** The first characters of the value's text. */
    record Truncate(int characters) implements Mask {
        @Override
        public String toString() {
            return TRUNCATE + characters;
        }
    }

    String FIXED = "fixed:";
    String HASH = "hash";
    String TRUNCATE = "truncate:";
    String FORM = "hash, truncate:N (N from 1 to 10000) or fixed:TEXT";
    Pattern CHARACTERS = Pattern.compile("[1-9][0-9]{0,3}|10000");

    /** @throws IllegalArgumentException with the form as its message */
    static Mask parse(String text) {
        if (text.equals(HASH)) {
            return new Hash();
        }
        if (text.startsWith(FIXED)) {
            return new Fixed(text.substring(FIXED.length()));
        }
        String number = text.startsWith(TRUNCATE) ? text.substring(TRUNCATE.length()) : "";
        if (!CHARACTERS.matcher(number).matches()) {
            throw new IllegalArgumentException(FORM);
        }
        return new Truncate(Integer.parseInt(number));
    }
}
