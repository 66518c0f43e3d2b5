package io.pgcdc.view;

import io.pgcdc.model.ColumnName;

/** A column whose values a sink sees only masked. */
public record MaskedColumn(ColumnName column, Mask mask) {

    private static final String FORM = "schema.table.column=MASK, where MASK is " + Mask.FORM;

    /**
     * Reads {@code public.users.email=hash}.
     *
     * @throws IllegalArgumentException with a message that completes "write ..."
     */
    public static MaskedColumn parse(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            quoted ^= text.charAt(i) == '"';
            if (text.charAt(i) == '=' && !quoted) {
                return new MaskedColumn(ColumnName.parse(text.substring(0, i)), mask(text.substring(i + 1)));
            }
        }
        throw new IllegalArgumentException(FORM);
    }

    private static Mask mask(String text) {
        try {
            return Mask.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FORM, e);
        }
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return column + "=" + mask;
    }
}
