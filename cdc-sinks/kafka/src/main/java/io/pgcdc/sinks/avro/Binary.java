package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;

/** Writes Avro's binary encoding of primitive types (Avro specification, "Primitive Types", "Binary Encoding"). */
final class Binary {

    /** Encoded index of the null branch of the union {@code ["null", T]}. */
    static final int NULL = 0;

    static final int NOT_NULL = 2; // index 1 in zig-zag

    private Binary() {}

    /** Appends an int or a long: zig-zag, seven bits per byte, the lowest bits first. */
    static void appendLong(long value, JsonBuffer out) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            out.appendByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.appendByte((int) rest);
    }

    /** Appends a string or bytes: the length, then the bytes. */
    static void appendBytes(byte[] b, int offset, int length, JsonBuffer out) {
        appendLong(length, out);
        out.append(b, offset, length);
    }

    static void appendBytes(byte[] b, JsonBuffer out) {
        appendBytes(b, 0, b.length, out);
    }

    static void appendBytes(JsonBuffer b, JsonBuffer out) {
        appendBytes(b.array(), 0, b.length(), out);
    }

    static void appendBool(boolean value, JsonBuffer out) {
        out.appendByte(value ? 1 : 0);
    }

    static void appendFloat(float value, JsonBuffer out) {
        appendLittleEndian(Float.floatToIntBits(value), Float.BYTES, out);
    }

    static void appendDouble(double value, JsonBuffer out) {
        appendLittleEndian(Double.doubleToLongBits(value), Double.BYTES, out);
    }

    private static void appendLittleEndian(long bits, int bytes, JsonBuffer out) {
        for (int i = 0; i < bytes; i++) {
            out.appendByte((int) (bits >>> (Byte.SIZE * i)));
        }
    }
}
