package io.pgcdc.decode;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Builds messages byte by byte, as the protocol's documentation lays them out. */
public final class MessageBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Write {
        void to(DataOutputStream out) throws IOException;
    }

    private MessageBytes put(Write write) {
        try {
            write.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public static MessageBytes of(char type) {
        return new MessageBytes().int8(type);
    }

    public MessageBytes int8(int value) {
        return put(o -> o.writeByte(value));
    }

    public MessageBytes int16(int value) {
        return put(o -> o.writeShort(value));
    }

    public MessageBytes int32(int value) {
        return put(o -> o.writeInt(value));
    }

    public MessageBytes int64(long value) {
        return put(o -> o.writeLong(value));
    }

    public MessageBytes string(String value) {
        return put(o -> o.write(value.getBytes(StandardCharsets.UTF_8))).int8(0);
    }

    public MessageBytes text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return int8('t').int32(utf8.length).put(o -> o.write(utf8));
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
