package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.IsoTime;
import java.util.Map;

/**
 * Writes transaction boundaries as JSON, with the field names of the native record.
 *
 * <pre>
 *   key    0/1A2B3C8
 *   value  {"status":"BEGIN","commit_lsn":"0/1A2B3C8","xid":771,"changed_at":"2026-01-02T03:04:05.678901Z"}
 *          {"status":"END",...,"record_count":3,"tables":[{"table":"public.users","record_count":3}]}
 * </pre>
 *
 * In a later epoch the key is {@code 0/1A2B3C8@1}, and the value has {@code "epoch":1} after commit_lsn.
 */
final class BoundaryJson {

    private BoundaryJson() {}

    static void appendKey(TransactionCounts transaction, JsonBuffer out) {
        out.appendLsn(transaction.commitLsn());
        if (transaction.epoch() != 0) {
            out.appendByte('@').appendLong(transaction.epoch());
        }
    }

    static void appendValue(TransactionCounts transaction, boolean end, JsonBuffer out) {
        out.appendAscii("{\"status\":\"").appendAscii(end ? "END" : "BEGIN");
        out.appendAscii("\",\"commit_lsn\":\"")
                .appendLsn(transaction.commitLsn())
                .appendByte('"');
        if (transaction.epoch() != 0) {
            out.appendAscii(",\"epoch\":").appendLong(transaction.epoch());
        }
        out.appendAscii(",\"xid\":").appendLong(Integer.toUnsignedLong(transaction.xid()));
        IsoTime.append(transaction.commitTimeMicros(), out.appendAscii(",\"changed_at\":\""));
        out.appendByte('"');
        if (end) {
            out.appendAscii(",\"record_count\":").appendLong(transaction.records());
            out.appendAscii(",\"tables\":[");
            String between = "";
            for (Map.Entry<String, Long> table : transaction.counts().entrySet()) {
                out.appendAscii(between).appendAscii("{\"table\":").appendString(table.getKey());
                out.appendAscii(",\"record_count\":")
                        .appendLong(table.getValue())
                        .appendByte('}');
                between = ",";
            }
            out.appendByte(']');
        }
        out.appendByte('}');
    }
}
