package io.pgcdc.view;

import java.util.regex.Pattern;

/** What stands for the values of a column; null stays null. */
public sealed interface Mask {

    /** One text for all values. */
    record Fixed(String text) implements Mask {
        @Override
        public String toString() {
            return FIXED + text;
        }
    }

    /** HMAC-SHA-256 of the value's text under the sink's salt, in hexadecimal: equal values stay equal. */
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

    /** @throws IllegalArgumentException whose message is the form */
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
