package io.pgcdc.view;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.InternalException;
import io.pgcdc.model.RowView;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The masked value of one column in a row, as bytes like in {@link RowView}. One delivery thread. */
abstract class MaskedCell {

    byte[] buffer = new byte[0];
    int offset;
    int length;

    /** Sets the fields to the masked value. The column's state must be TEXT. */
    abstract void mask(RowView row, int column);

    static MaskedCell of(Mask mask, @Nullable String salt) {
        if (mask instanceof Mask.Fixed fixed) {
            return new FixedCell(fixed.text());
        }
        if (mask instanceof Mask.Truncate truncate) {
            return new TruncatedCell(truncate.characters());
        }
        if (salt == null) {
            throw new IllegalStateException("a hash without a salt");
        }
        return new HashedCell(salt);
    }

    private static final class FixedCell extends MaskedCell {

        FixedCell(String text) {
            buffer = text.getBytes(StandardCharsets.UTF_8);
            length = buffer.length;
        }

        @Override
        void mask(RowView row, int column) {}
    }

    private static final class TruncatedCell extends MaskedCell {

        private final int characters;

        TruncatedCell(int characters) {
            this.characters = characters;
        }

        @Override
        void mask(RowView row, int column) {
            buffer = row.buffer(column);
            offset = row.offset(column);
            int end = offset + row.length(column);
            int at = offset;
            for (int left = characters; left > 0 && at < end; left--) {
                at++;
                // bytes 10xxxxxx are inside a character
                while (at < end && (buffer[at] & 0xC0) == 0x80) {
                    at++;
                }
            }
            length = at - offset;
        }
    }

    private static final class HashedCell extends MaskedCell {

        private static final String ALGORITHM = "HmacSHA256";
        private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

        private final Mac mac;

        HashedCell(String salt) {
            try {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            } catch (GeneralSecurityException e) {
                throw new InternalException(ErrorCode.INTERNAL, "this Java has no " + ALGORITHM + ". Use another.", e);
            }
            buffer = new byte[2 * mac.getMacLength()];
            length = buffer.length;
        }

        @Override
        void mask(RowView row, int column) {
            mac.update(row.buffer(column), row.offset(column), row.length(column));
            byte[] hash = mac.doFinal();
            for (int i = 0; i < hash.length; i++) {
                buffer[2 * i] = HEX[hash[i] >> 4 & 15];
                buffer[2 * i + 1] = HEX[hash[i] & 15];
            }
        }
    }
}
