package io.pgcdc.sinks.avro;

import io.pgcdc.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;

/** Where transactions begin and end: their schemas, and keys and values under them. One thread. */
public final class AvroBoundaries {

    private final Schema keySchema;
    private final Schema valueSchema;
    private final JsonBuffer scratch = new JsonBuffer();

    public AvroBoundaries(AvroOptions options) {
        keySchema = AvroSchemas.boundaryKey(options.prefix());
        valueSchema = AvroSchemas.boundary(options.prefix());
    }

    public Schema keySchema() {
        return keySchema;
    }

    public Schema valueSchema() {
        return valueSchema;
    }

    public void appendKey(long commitLsn, JsonBuffer out) {
        scratch.clear();
        Binary.appendBytes(scratch.appendLsn(commitLsn), out);
    }

    public void appendBegin(long commitLsn, int xid, long commitTimeMicros, JsonBuffer out) {
        appendHead("BEGIN", commitLsn, xid, commitTimeMicros, out);
        out.appendByte(Binary.NULL).appendByte(Binary.NULL);
    }

    /** @param counts records by table */
    public void appendEnd(
            long commitLsn, int xid, long commitTimeMicros, long records, Map<String, Long> counts, JsonBuffer out) {
        appendHead("END", commitLsn, xid, commitTimeMicros, out);
        out.appendByte(Binary.NOT_NULL);
        Binary.appendLong(records, out);
        out.appendByte(Binary.NOT_NULL);
        if (!counts.isEmpty()) {
            Binary.appendLong(counts.size(), out);
            counts.forEach((table, count) -> {
                appendText(table, out);
                Binary.appendLong(count, out);
            });
        }
        out.appendByte(0); // no further block
    }

    private void appendHead(String status, long commitLsn, int xid, long commitTimeMicros, JsonBuffer out) {
        appendText(status, out);
        appendKey(commitLsn, out);
        Binary.appendLong(Integer.toUnsignedLong(xid), out);
        Binary.appendLong(commitTimeMicros, out);
    }

    private static void appendText(String text, JsonBuffer out) {
        Binary.appendBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }
}
