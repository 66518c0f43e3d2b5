package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import java.util.List;
import java.util.Map;

/** Writes the keys and values of transaction boundaries. */
public final class TransactionFormat {

    private static final long MICROS_PER_MILLI = 1_000;

    private static final String NAMES = "io.debezium.connector.common.TransactionMetadata";

    public static final ConnectSchema KEY_SCHEMA = ConnectSchema.struct(
                    List.of(ConnectSchema.STRING.field(false, "id")))
            .named(NAMES + "Key", 1);

    private static final ConnectSchema COLLECTION = ConnectSchema.struct(List.of(
                    ConnectSchema.STRING.field(false, "data_collection"),
                    ConnectSchema.INT64.field(false, "event_count")))
            .named("event.collection", 1);

    public static final ConnectSchema VALUE_SCHEMA = ConnectSchema.struct(List.of(
                    ConnectSchema.STRING.field(false, "status"),
                    ConnectSchema.STRING.field(false, "id"),
                    ConnectSchema.INT64.field(true, "event_count"),
                    ConnectSchema.array(COLLECTION).field(true, "data_collections"),
                    ConnectSchema.INT64.field(false, "ts_ms")))
            .named(NAMES + "Value", 1);

    private final byte[] keyHead;
    private final byte[] valueHead;
    private final byte[] end;

    TransactionFormat(boolean schemas) {
        keyHead = Envelope.bytes((schemas ? TableFormat.payload(KEY_SCHEMA) : "") + "{\"id\":");
        valueHead = Envelope.bytes((schemas ? TableFormat.payload(VALUE_SCHEMA) : "") + "{\"status\":\"");
        end = Envelope.bytes(schemas ? "}}" : "}");
    }

    void appendKey(String id, JsonBuffer out) {
        out.append(keyHead).appendString(id).append(end);
    }

    void appendBegin(String id, long commitTimeMicros, JsonBuffer out) {
        out.append(valueHead).appendAscii("BEGIN\",\"id\":").appendString(id);
        out.appendAscii(",\"event_count\":null,\"data_collections\":null");
        appendTime(commitTimeMicros, out);
    }

    void appendEnd(String id, long commitTimeMicros, long total, Map<String, Long> counts, JsonBuffer out) {
        out.append(valueHead).appendAscii("END\",\"id\":").appendString(id);
        out.appendAscii(",\"event_count\":").appendLong(total).appendAscii(",\"data_collections\":[");
        String between = "";
        for (Map.Entry<String, Long> table : counts.entrySet()) {
            out.appendAscii(between).appendAscii("{\"data_collection\":").appendString(table.getKey());
            out.appendAscii(",\"event_count\":").appendLong(table.getValue()).appendByte('}');
            between = ",";
        }
        out.appendByte(']');
        appendTime(commitTimeMicros, out);
    }

    private void appendTime(long micros, JsonBuffer out) {
        out.appendAscii(",\"ts_ms\":")
                .appendLong(Math.floorDiv(micros, MICROS_PER_MILLI))
                .append(end);
    }
}
