package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;

/**
 * Encodes timestamp and timestamptz: from the text under DateStyle ISO to the form of PostgreSQL's JSON output.
 *
 * <pre>
 *   2026-01-02 03:04:05.678+00     ->  "2026-01-02T03:04:05.678+00:00"
 *   0044-03-15 12:00:00+00 BC      ->  "0044-03-15T12:00:00+00:00 BC"
 *   infinity, -infinity            ->  unchanged
 * </pre>
 */
final class TimestampEncoder implements ValueEncoder {

    private static final byte[] INFINITY = Ascii.bytes("infinity");
    private static final byte[] MINUS_INFINITY = Ascii.bytes("-infinity");
    private static final byte[] BC = Ascii.bytes(" BC");

    private final PgType type;
    private final boolean zoned;

    TimestampEncoder(PgType type, boolean zoned) {
        this.type = type;
        this.zoned = zoned;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        if (Ascii.matches(INFINITY, b, offset, length) || Ascii.matches(MINUS_INFINITY, b, offset, length)) {
            out.appendString(b, offset, length);
            return;
        }
        int end = offset + length;
        boolean beforeChrist = length > BC.length && Ascii.matches(BC, b, end - BC.length, BC.length);
        int timeEnd = beforeChrist ? end - BC.length : end;

        int space = numbersEnd(b, offset, timeEnd, '-', '-');
        require(space > offset && space < timeEnd && b[space] == ' ', space - offset);
        int zone = numbersEnd(b, space + 1, timeEnd, ':', '.');
        require(zone > space + 1, zone - offset);
        out.appendByte('"');
        out.append(b, offset, space - offset).appendByte('T').append(b, space + 1, zone - space - 1);
        if (zoned) {
            require(zone < timeEnd && (b[zone] == '+' || b[zone] == '-'), zone - offset);
            int zoneEnd = numbersEnd(b, zone + 1, timeEnd, ':', ':');
            require(zoneEnd == timeEnd && zoneEnd - zone >= 3, zoneEnd - offset);
            out.append(b, zone, zoneEnd - zone);
            if (zoneEnd - zone == 3) {
                out.appendAscii(":00");
            }
        } else {
            require(zone == timeEnd, zone - offset);
        }
        out.append(b, timeEnd, end - timeEnd);
        out.appendByte('"');
    }

    /** Returns where the digits and the two separators end. */
    private static int numbersEnd(byte[] b, int from, int end, char separator, char other) {
        int i = from;
        while (i < end && (Ascii.isDigit(b[i]) || b[i] == separator || b[i] == other)) {
            i++;
        }
        return i;
    }

    private void require(boolean holds, int at) {
        if (!holds) {
            throw Unreadable.value(type, "not a timestamp under DateStyle ISO", at);
        }
    }
}
