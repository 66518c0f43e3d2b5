package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.Scratch;
import io.pgcdc.model.PgType;

/**
 * Encodes hstore like its cast to json: an object of strings and nulls.
 *
 * <pre>
 *   "a"=>"1", "b \"c\""=>NULL
 * </pre>
 */
final class HstoreEncoder implements ValueEncoder {

    private static final byte[] NULL = Ascii.bytes("NULL");

    private final PgType type;
    private final Scratch scratch = new Scratch();

    HstoreEncoder(PgType type) {
        this.type = type;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        out.appendByte('{');
        int i = offset;
        while (i < end) {
            i = string(b, offset, i, end, out);
            require(end - i > 2 && b[i] == '=' && b[i + 1] == '>', i - offset);
            i += 2;
            out.appendByte(':');
            if (b[i] == 'N') {
                require(end - i >= NULL.length && Ascii.matches(NULL, b, i, NULL.length), i - offset);
                out.append(Ascii.NULL);
                i += NULL.length;
            } else {
                i = string(b, offset, i, end, out);
            }
            if (i < end) {
                require(end - i > 2 && b[i] == ',' && b[i + 1] == ' ', i - offset);
                i += 2;
                out.appendByte(',');
            }
        }
        out.appendByte('}');
    }

    private int string(byte[] b, int offset, int from, int end, JsonBuffer out) {
        require(from < end && b[from] == '"', from - offset);
        int i = from + 1;
        boolean escaped = false;
        while (i < end && b[i] != '"') {
            if (b[i] == '\\') {
                escaped = true;
                i++;
            }
            i++;
        }
        require(i < end, i - offset);
        if (!escaped) {
            out.appendString(b, from + 1, i - from - 1);
            return i + 1;
        }
        scratch.unescape(b, from + 1, i);
        out.appendString(scratch.bytes(), 0, scratch.length());
        return i + 1;
    }

    private void require(boolean holds, int at) {
        if (!holds) {
            throw Unreadable.value(type, "not an hstore", at);
        }
    }
}
