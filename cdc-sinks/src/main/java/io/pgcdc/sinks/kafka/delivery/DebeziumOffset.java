package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far Debezium's PostgreSQL connector came, as its offset says: {@code {"lsn_proc":…,"lsn_commit":…,"lsn":…,"txId":…,…}}.
 *
 * @param lsn of the last thing that it saw: LSN of a change, or of the first one of a transaction that it saw the BEGIN of
 * @param commitEndLsn end of the last commit that it had seen before, or LSN of the last logical message; null: it had seen none
 * @param xid of the transaction; null: not known
 * @param last what was seen there
 */
public record DebeziumOffset(
        long lsn, @Nullable Long commitEndLsn, @Nullable Integer xid, Last last) {

    /** What {@code messageType} says. */
    public enum Last {
        /** A transaction began; nothing of it was sent. */
        BEGIN,
        /** A transaction ended; all of it was sent. */
        COMMIT,
        /** A change was sent. */
        CHANGE;

        private static Last of(@Nullable String messageType) {
            return "BEGIN".equals(messageType) ? BEGIN : "COMMIT".equals(messageType) ? COMMIT : CHANGE;
        }
    }

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
            boolean incremental = values.keySet().stream().anyMatch(key -> key.startsWith("incremental_snapshot"));
            if (incremental || (values.containsKey("snapshot") && !ended)) {
                throw new SinkException(
                        ErrorCode.TAKEOVER_REFUSED,
                        "Debezium stopped within a snapshot: what it had not read yet is not in the slot. Let it finish it,"
                                + " then stop it.");
            }
            if (values.containsKey("transaction_id") && !values.containsKey("messageType")) {
                throw new SinkException(
                        ErrorCode.TAKEOVER_REFUSED,
                        "the offset has a transaction_id and no messageType: it does not say whether a change was sent, or only"
                                + " where its transaction begins. Give the whole of it with --offset, messageType with it.");
            }
            Last last = Last.of(values.get("messageType"));
            // behind a BEGIN the former is still that of the commit before it
            Long processed = number(values.get("lsn_proc"));
            Long lsn = number(values.get("lsn"));
            if (lsn == null || (processed != null && last != Last.BEGIN)) {
                lsn = processed;
            }
            if (lsn == null) {
                throw new IllegalArgumentException("no lsn");
            }
            Long xid = number(values.get("txId"));
            return new DebeziumOffset(lsn, number(values.get("lsn_commit")), xid == null ? null : xid.intValue(), last);
        } catch (IllegalArgumentException e) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "\"" + json + "\" is no offset of Debezium's PostgreSQL connector (" + e.getMessage()
                            + "), which has lsn_proc or lsn as a number. Look whether it is of another connector.",
                    e);
        }
    }

    /** Whether all that it names is before an LSN. */
    public boolean isBefore(long other) {
        return Lsn.compare(lsn, other) < 0 && (commitEndLsn == null || Lsn.compare(commitEndLsn, other) < 0);
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }
}
