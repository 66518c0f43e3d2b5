package io.pgcdc.capture;

import io.pgcdc.decode.TupleData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key of a row, as the server's text of its columns. Two texts of one row's key are equal byte for byte. */
public final class RowKey {

    private static final int LENGTH_BYTES = 4;

    private final byte[] bytes;
    private final int hash;

    private RowKey(byte[] bytes) {
        this.bytes = bytes;
        hash = Arrays.hashCode(bytes);
    }

    /**
     * Returns a row's key.
     *
     * @param columns of the key
     * @param rest has the key columns that the tuple lacks, because they are unchanged values from TOAST; null: there is none
     * @return null: the tuple lacks a key column
     */
    static @Nullable RowKey of(TupleData tuple, List<Integer> columns, @Nullable TupleData rest) {
        int length = 0;
        for (int column : columns) {
            TupleData from = holder(tuple, column, rest);
            if (from == null) {
                return null;
            }
            length += LENGTH_BYTES + from.length(column);
        }
        byte[] key = new byte[length];
        int at = 0;
        for (int column : columns) {
            TupleData from = holder(tuple, column, rest);
            if (from != null) {
                int count = from.length(column);
                for (int shift = 24; shift >= 0; shift -= 8) {
                    key[at++] = (byte) (count >>> shift);
                }
                System.arraycopy(from.buffer(), from.offset(column), key, at, count);
                at += count;
            }
        }
        return new RowKey(key);
    }

    private static @Nullable TupleData holder(TupleData tuple, int column, @Nullable TupleData rest) {
        if (tuple.kind(column) == TupleData.TEXT) {
            return tuple;
        }
        return rest != null && rest.kind(column) == TupleData.TEXT ? rest : null;
    }

    /** Returns the texts of its columns. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        ByteBuffer from = ByteBuffer.wrap(bytes);
        while (from.hasRemaining()) {
            byte[] text = new byte[from.getInt()];
            from.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }

    /** Returns its bytes in hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns the number of these digits. */
    public int hexLength() {
        return 2 * bytes.length;
    }

    /** @throws IllegalArgumentException unless {@link #hex} can print this text */
    public static RowKey ofHex(String hex) {
        return new RowKey(HexFormat.of().parseHex(hex));
    }

    /** Returns the bytes that it holds in memory, about. */
    public int size() {
        return 64 + bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
