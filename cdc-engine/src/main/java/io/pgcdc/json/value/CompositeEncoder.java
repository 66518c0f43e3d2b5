package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.Keys;
import io.pgcdc.json.bytes.Scratch;
import io.pgcdc.model.PgType;

/**
 * Encodes composite types (PostgreSQL documentation, "Composite Type Input and Output Syntax") as objects.
 *
 * <pre>
 *   (1,"a ""b"" \\ c",)     an empty place is null, "" is the empty string
 * </pre>
 */
final class CompositeEncoder implements ValueEncoder {

    private final PgType type;
    private final ValueEncoder[] values;
    /** Each attribute's name as a key, after an opening brace for the first and a comma for the others. */
    private final byte[][] keys;

    private final Scratch scratch = new Scratch();

    CompositeEncoder(PgType type, ValueEncoder[] values) {
        this.type = type;
        this.values = values;
        this.keys = new byte[values.length][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Keys.key(i == 0 ? "{" : ",", type.attributes().get(i).name());
        }
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        require(length >= 2 && b[offset] == '(', 0);
        if (values.length == 0) {
            require(length == 2 && b[offset + 1] == ')', 1);
            out.appendByte('{').appendByte('}');
            return;
        }
        int i = offset + 1;
        for (int field = 0; field < values.length; field++) {
            out.append(keys[field]);
            require(i < end, i - offset);
            if (b[i] == '"') {
                i = quoted(b, offset, i, end, values[field], out);
            } else {
                i = bare(b, offset, i, end, values[field], out);
            }
            boolean last = field == values.length - 1;
            require(i < end && b[i] == (last ? ')' : ','), i - offset);
            i++;
        }
        require(i == end, i - offset);
        out.appendByte('}');
    }

    private int bare(byte[] b, int offset, int from, int end, ValueEncoder value, JsonBuffer out) {
        int i = from;
        for (; i < end && b[i] != ',' && b[i] != ')'; i++) {
            require(b[i] != '"' && b[i] != '\\' && b[i] != '(', i - offset);
        }
        if (i == from) {
            out.append(Ascii.NULL);
        } else {
            value.encode(b, from, i - from, out);
        }
        return i;
    }

    private int quoted(byte[] b, int offset, int from, int end, ValueEncoder value, JsonBuffer out) {
        int i = from + 1;
        boolean escaped = false;
        for (; i < end; i++) {
            boolean doubled = b[i] == '"' && i + 1 < end && b[i + 1] == '"';
            if (b[i] == '\\' || doubled) {
                escaped = true;
                i++;
            } else if (b[i] == '"') {
                break;
            }
        }
        require(i < end, i - offset);
        if (!escaped) {
            value.encode(b, from + 1, i - from - 1, out);
            return i + 1;
        }
        scratch.unescape(b, from + 1, i);
        value.encode(scratch.bytes(), 0, scratch.length(), out);
        return i + 1;
    }

    private void require(boolean holds, int at) {
        if (!holds) {
            throw Unreadable.value(type, "not a row of " + values.length + " attributes", at);
        }
    }
}
