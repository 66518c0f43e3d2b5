package io.pgcdc.capture;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds pgoutput messages with the layouts of the protocol's documentation. */
public final class Frames {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private Frames(char type) {
        int8(type);
    }

    public static byte[] begin(long commitLsn, long micros, int xid) {
        return new Frames('B').int64(commitLsn).int64(micros).int32(xid).done();
    }

    public static byte[] commit(long commitLsn, long endLsn, long micros) {
        return new Frames('C')
                .int8(0)
                .int64(commitLsn)
                .int64(endLsn)
                .int64(micros)
                .done();
    }

    public static byte[] origin(String name) {
        return new Frames('O').int64(1).string(name).done();
    }

    /** Returns a Relation message: a table of text columns, the first one its key. */
    public static byte[] relation(int oid, String name, String... columns) {
        Frames frame =
                new Frames('R').int32(oid).string("shop").string(name).int8('d').int16(columns.length);
        for (int i = 0; i < columns.length; i++) {
            frame.int8(i == 0 ? 1 : 0).string(columns[i]).int32(25).int32(-1);
        }
        return frame.done();
    }

    public static byte[] insert(int oid, String... values) {
        Frames frame = new Frames('I').int32(oid).int8('N').int16(values.length);
        for (String value : values) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            frame.int8('t').int32(utf8.length).raw(utf8);
        }
        return frame.done();
    }

    /**
     * Returns an Update message.
     *
     * @param oldKey null: the key is the same
     * @param values null: an unchanged value from TOAST
     */
    public static byte[] update(int oid, @Nullable String oldKey, @Nullable String... values) {
        Frames frame = new Frames('U').int32(oid);
        if (oldKey != null) {
            frame.int8('K').int16(values.length).text(oldKey);
            for (int i = 1; i < values.length; i++) {
                frame.int8('n');
            }
        }
        frame.int8('N').int16(values.length);
        for (String value : values) {
            if (value == null) {
                frame.int8('u');
            } else {
                frame.text(value);
            }
        }
        return frame.done();
    }

    private Frames text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return int8('t').int32(utf8.length).raw(utf8);
    }

    /** A key-only old row: the key is the first column. */
    public static byte[] delete(int oid, int columns, String key) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        Frames frame = new Frames('D').int32(oid).int8('K').int16(columns);
        frame.int8('t').int32(utf8.length).raw(utf8);
        for (int i = 1; i < columns; i++) {
            frame.int8('n');
        }
        return frame.done();
    }

    public static byte[] truncate(int... oids) {
        Frames frame = new Frames('T').int32(oids.length).int8(0);
        for (int oid : oids) {
            frame.int32(oid);
        }
        return frame.done();
    }

    public static byte[] message(boolean transactional, long lsn, String content) {
        return message(transactional, lsn, content, "note");
    }

    public static byte[] message(boolean transactional, long lsn, String content, String prefix) {
        byte[] utf8 = content.getBytes(StandardCharsets.UTF_8);
        return new Frames('M')
                .int8(transactional ? 1 : 0)
                .int64(lsn)
                .string(prefix)
                .int32(utf8.length)
                .raw(utf8)
                .done();
    }

    private interface Write {
        void to(DataOutputStream out) throws IOException;
    }

    private Frames put(Write write) {
        try {
            write.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private Frames int8(int value) {
        return put(o -> o.writeByte(value));
    }

    private Frames int16(int value) {
        return put(o -> o.writeShort(value));
    }

    private Frames int32(int value) {
        return put(o -> o.writeInt(value));
    }

    private Frames int64(long value) {
        return put(o -> o.writeLong(value));
    }

    private Frames raw(byte[] value) {
        return put(o -> o.write(value));
    }

    private Frames string(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    private byte[] done() {
        return bytes.toByteArray();
    }
}
