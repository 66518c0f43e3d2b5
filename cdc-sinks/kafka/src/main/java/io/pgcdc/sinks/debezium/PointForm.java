package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes point, such as {@code (1.5,-2)}, as an object. The object contains x and y, and the point as well-known binary (OGC Simple
 * Feature Access, "WKBPoint"). Allocates objects for each value.
 */
final class PointForm implements ValueForm {

    static final ConnectSchema SCHEMA = ConnectSchema.struct(List.of(
                    ConnectSchema.DOUBLE.field(false, "x"),
                    ConnectSchema.DOUBLE.field(false, "y"),
                    ConnectSchema.BYTES.field(true, "wkb"),
                    ConnectSchema.INT32.field(true, "srid")))
            .named("io.debezium.data.geometry.Point", 1)
            .doc("Geometry (POINT)");

    private static final byte LITTLE_ENDIAN = 1;
    private static final int POINT = 1;

    private static final int WKB_BYTES = 1 + Integer.BYTES + 2 * Double.BYTES;

    private final byte[] wkb = new byte[WKB_BYTES];

    private static int comma(byte[] b, int offset, int length) {
        int comma = offset;
        while (comma < offset + length && b[comma] != ',') {
            comma++;
        }
        int end = offset + length - 1;
        if (comma >= end || b[offset] != '(' || b[end] != ')') {
            throw Misfit.of("point", 0);
        }
        return comma;
    }

    private static void put(double x, double y, byte[] to) {
        ByteBuffer.wrap(to)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(LITTLE_ENDIAN)
                .putInt(POINT)
                .putDouble(x)
                .putDouble(y);
    }

    /** Returns the struct's values. */
    static Object read(byte[] b, int offset, int length) {
        int comma = comma(b, offset, length);
        double x = number(b, offset + 1, comma);
        double y = number(b, comma + 1, offset + length - 1);
        byte[] bytes = new byte[WKB_BYTES];
        put(x, y, bytes);
        return new @Nullable Object[] {x, y, bytes, null};
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int comma = comma(b, offset, length);
        int end = offset + length - 1;
        out.appendAscii("{\"x\":");
        NumberForms.appendFloat(b, offset + 1, comma - offset - 1, out);
        out.appendAscii(",\"y\":");
        NumberForms.appendFloat(b, comma + 1, end - comma - 1, out);
        put(number(b, offset + 1, comma), number(b, comma + 1, end), wkb);
        out.appendAscii(",\"wkb\":").appendBase64(wkb, 0, wkb.length).appendAscii(",\"srid\":null}");
    }

    private static double number(byte[] b, int from, int end) {
        return Double.parseDouble(new String(b, from, end - from, StandardCharsets.US_ASCII));
    }
}
