package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.json.bytes.JsonBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * A parameter of type text[]. It is built element by element from bytes, and sent in the type's binary form (array_send in
 * PostgreSQL's arrayfuncs.c):
 *
 * <pre>
 *   int32 dimensions  int32 has nulls  int32 element type  { int32 length  int32 lower bound }  { int32 length | -1, bytes } …
 * </pre>
 *
 * For one thread.
 */
public final class TextArray extends PGobject implements PGBinaryObject {

    private static final long serialVersionUID = 1;

    private static final int TEXT_OID = 25;
    private static final int LENGTH_AT = 12;

    private static final int MOST_KEPT_BYTES = 1024 * 1024;

    private transient JsonBuffer bytes = new JsonBuffer();
    private int count;

    public TextArray() {
        type = "_text";
        clear();
    }

    /** Removes all elements. */
    public void clear() {
        count = 0;
        bytes = bytes.array().length > MOST_KEPT_BYTES ? new JsonBuffer() : bytes;
        bytes.clear();
        BinaryCopy.appendInt(bytes, 1);
        BinaryCopy.appendInt(bytes, 1);
        BinaryCopy.appendInt(bytes, TEXT_OID);
        BinaryCopy.appendInt(bytes, 0);
        BinaryCopy.appendInt(bytes, 1);
    }

    public void add(byte[] from, int offset, int length) {
        BinaryCopy.appendInt(bytes, length);
        bytes.append(from, offset, length);
        count++;
    }

    public void addNull() {
        BinaryCopy.nullField(bytes);
        count++;
    }

    /** Adds a text whose characters are all below 128. */
    public void addAscii(String text) {
        BinaryCopy.appendInt(bytes, text.length());
        bytes.appendAscii(text);
        count++;
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("this type is only sent");
    }

    @Override
    public int lengthInBytes() {
        return bytes.length();
    }

    @Override
    public void toBytes(byte[] to, int offset) {
        BinaryCopy.setInt(bytes, LENGTH_AT, count);
        System.arraycopy(bytes.array(), 0, to, offset, bytes.length());
    }

    /** Compares the content, as the superclasses do. pgcdc never calls this. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextArray that
                && Arrays.equals(bytes.array(), 0, bytes.length(), that.bytes.array(), 0, that.bytes.length());
    }

    @Override
    public int hashCode() {
        return count;
    }

    @Override
    public Object clone() throws CloneNotSupportedException {
        throw new CloneNotSupportedException();
    }
}
