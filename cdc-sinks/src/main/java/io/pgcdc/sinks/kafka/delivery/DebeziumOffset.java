package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far Debezium's PostgreSQL connector came, as its offset says: {@code {"lsn_proc":…,"lsn_commit":…,"lsn":…,"txId":…,…}}.
 *
 * @param lsn of the last record that it sent: LSN of the change
 * @param commitEndLsn end of the last commit that it had seen before; null: it had seen none
 * @param xid of the record's transaction; null: not known
 */
public record DebeziumOffset(
        long lsn, @Nullable Long commitEndLsn, @Nullable Integer xid) {

    /**
     * Reads it.
     *
     * @throws SinkException TAKEOVER_REFUSED when it is none, or that of a snapshot that has not ended
     */
    public static DebeziumOffset parse(String json) {
        try {
            Map<String, String> values = FlatJson.read(json.getBytes(StandardCharsets.UTF_8));
            boolean ended = "true".equals(values.get("last_snapshot_record"))
                    || "true".equals(values.get("snapshot_completed"));
            if (values.containsKey("snapshot") && !ended) {
                throw new SinkException(
                        ErrorCode.TAKEOVER_REFUSED,
                        "Debezium stopped within its snapshot: what it had not read yet is not in the slot. Let it finish the snapshot,"
                                + " then stop it.");
            }
            Long lsn = number(values.getOrDefault("lsn_proc", values.get("lsn")));
            if (lsn == null) {
                throw new IllegalArgumentException("no lsn");
            }
            Long xid = number(values.get("txId"));
            return new DebeziumOffset(lsn, number(values.get("lsn_commit")), xid == null ? null : xid.intValue());
        } catch (IllegalArgumentException e) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "\"" + json + "\" is no offset of Debezium's PostgreSQL connector (" + e.getMessage()
                            + "), which has lsn_proc or lsn as a number. Look whether it is of another connector.",
                    e);
        }
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }
}
