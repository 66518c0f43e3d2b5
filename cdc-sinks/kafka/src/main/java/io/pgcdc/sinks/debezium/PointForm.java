package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes point, such as {@code (1.5,-2)}, as an object. The object contains x and y, and the point as well-known binary (OGC Simple
 * Feature Access, "WKBPoint"). Allocates objects for each value.
 */
final class PointForm implements ValueForm {

    static final ConnectSchema SCHEMA = ConnectSchema.struct(List.of(
                    ConnectSchema.DOUBLE.json(false, "x"),
                    ConnectSchema.DOUBLE.json(false, "y"),
                    ConnectSchema.BYTES.json(true, "wkb"),
                    ConnectSchema.INT32.json(true, "srid")))
            .named("io.debezium.data.geometry.Point", 1)
            .doc("Geometry (POINT)");

    private static final byte LITTLE_ENDIAN = 1;
    private static final int POINT = 1;

    private final ByteBuffer wkb =
            ByteBuffer.allocate(1 + Integer.BYTES + 2 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int comma = offset;
        while (comma < offset + length && b[comma] != ',') {
            comma++;
        }
        int end = offset + length - 1;
        if (comma >= end || b[offset] != '(' || b[end] != ')') {
            throw Misfit.of("point", 0);
        }
        out.appendAscii("{\"x\":");
        NumberForms.appendFloat(b, offset + 1, comma - offset - 1, out);
        out.appendAscii(",\"y\":");
        NumberForms.appendFloat(b, comma + 1, end - comma - 1, out);
        wkb.clear()
                .put(LITTLE_ENDIAN)
                .putInt(POINT)
                .putDouble(number(b, offset + 1, comma))
                .putDouble(number(b, comma + 1, end));
        out.appendAscii(",\"wkb\":")
                .appendBase64(wkb.array(), 0, wkb.position())
                .appendAscii(",\"srid\":null}");
    }

    private static double number(byte[] b, int from, int end) {
        return Double.parseDouble(new String(b, from, end - from, StandardCharsets.US_ASCII));
    }
}
