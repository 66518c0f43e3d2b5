package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;

/** Makes the schemas, keys and values of transaction boundaries. For one thread. */
public final class AvroBoundaries {

    /**
     * Identifies a transaction.
     *
     * @param commitTimeMicros commit time in microseconds since 1970-01-01 UTC
     */
    public record Of(long commitLsn, int epoch, int xid, long commitTimeMicros) {}

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

    /** Appends the key, in the same text form as the JSON format: 0/1A2B3C8, or 0/1A2B3C8@1 in epoch 1. */
    public void appendKey(Of transaction, JsonBuffer out) {
        scratch.clear();
        scratch.appendLsn(transaction.commitLsn());
        if (transaction.epoch() != 0) {
            scratch.appendByte('@').appendLong(transaction.epoch());
        }
        Binary.appendBytes(scratch, out);
    }

    public void appendBegin(Of transaction, JsonBuffer out) {
        appendHead("BEGIN", transaction, out);
        out.appendByte(Binary.NULL).appendByte(Binary.NULL);
    }

    /**
     * Appends the value of an END.
     *
     * @param records number of the transaction's records
     * @param counts number of records by table
     */
    public void appendEnd(Of transaction, long records, Map<String, Long> counts, JsonBuffer out) {
        appendHead("END", transaction, out);
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
        out.appendByte(0); // no other block
    }

    private void appendHead(String status, Of transaction, JsonBuffer out) {
        appendText(status, out);
        scratch.clear();
        Binary.appendBytes(scratch.appendLsn(transaction.commitLsn()), out);
        Binary.appendLong(transaction.epoch(), out);
        Binary.appendLong(Integer.toUnsignedLong(transaction.xid()), out);
        Binary.appendLong(transaction.commitTimeMicros(), out);
    }

    private static void appendText(String text, JsonBuffer out) {
        Binary.appendBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }
}
