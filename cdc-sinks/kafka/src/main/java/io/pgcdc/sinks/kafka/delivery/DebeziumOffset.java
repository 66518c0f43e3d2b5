package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Lsn;
import io.pgcdc.setting.SettingReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The position of Debezium's PostgreSQL connector, parsed from its offset:
 * {@code {"lsn_proc":…,"lsn_commit":…,"lsn":…,"txId":…,…}}.
 *
 * @param lsn LSN of the last change. With {@link Last#BEGIN}: of the transaction's first record. With {@link Last#COMMIT}: of the
 *     last change, or the commit's end. With {@link Last#SNAPSHOT}: of the snapshot
 * @param commitEndLsn end of the last commit that the connector saw, or LSN of the last logical message; null if it saw neither
 * @param xid of the transaction; null if not known, or for a message outside a transaction
 * @param commitMicros the transaction's commit time in microseconds since 1970-01-01 UTC; null if not known
 * @param kind of the last change; null if not known, or if the last item was no change
 * @param last the last item that the connector saw
 */
public record DebeziumOffset(
        long lsn,
        @Nullable Long commitEndLsn,
        @Nullable Integer xid,
        @Nullable Long commitMicros,
        @Nullable ChangeKind kind,
        Last last) {

    /** The last item that the connector saw. */
    public enum Last {
        /** The end of a snapshot; no item of the stream was sent after it. */
        SNAPSHOT,
        /** The begin of a transaction. No change of it was sent. */
        BEGIN,
        /** A change. It was sent. */
        CHANGE,
        /** The end of a transaction. All its changes were sent. */
        COMMIT
    }

    /**
     * Parses the offset.
     *
     * @throws SinkException TAKEOVER_REFUSED if the text is no offset, belongs to an unfinished snapshot, or has a transaction_id
     *     but no messageType
     */
    public static DebeziumOffset parse(String json) {
        try {
            Map<String, String> values = FlatJson.read(json.getBytes(StandardCharsets.UTF_8));
            requireWhole(values);
            Long processed = number(values.get("lsn_proc"));
            Long seen = number(values.get("lsn"));
            Long lsn = seen == null ? processed : seen;
            if (lsn == null) {
                throw new IllegalArgumentException("no lsn");
            }
            Last last = last(values, lsn);
            Long commitEnd = number(values.get("lsn_commit"));
            if (last == Last.COMMIT && commitEnd == null) {
                commitEnd = processed; // connectors before 1.6 write no lsn_commit
            }
            Long xid = last == Last.SNAPSHOT ? null : number(values.get("txId")); // a snapshot's txId is the reader's
            Long micros = xid == null
                    ? null
                    : number(values.get("ts_usec")); // without xid, ts_usec may be of another transaction
            return new DebeziumOffset(
                    lsn, commitEnd, xid == null ? null : xid.intValue(), micros, kind(values.get("messageType")), last);
        } catch (IllegalArgumentException e) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    SettingReader.quote(json) + " is not an offset of Debezium's PostgreSQL connector ("
                            + e.getMessage()
                            + "), which has lsn_proc or lsn as a number. Check that it is not of another connector.",
                    e);
        }
    }

    private static void requireWhole(Map<String, String> values) {
        boolean ended =
                "true".equals(values.get("last_snapshot_record")) || "true".equals(values.get("snapshot_completed"));
        boolean incremental = values.keySet().stream().anyMatch(key -> key.startsWith("incremental_snapshot"));
        if (incremental || (values.containsKey("snapshot") && !ended)) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "Debezium stopped within a snapshot: the slot does not have the rows that it had not read yet. Let it"
                            + " finish the snapshot, then stop it.");
        }
        if (values.containsKey("transaction_id") && !values.containsKey("messageType")) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "the offset has a transaction_id but no messageType: it does not tell whether a change was sent, or only"
                            + " where its transaction begins. Give the complete offset, including messageType, with --offset.");
        }
    }

    /** Returns the last item, from messageType. Connectors before 2.0 do not write messageType; then the LSNs tell. */
    private static Last last(Map<String, String> values, long lsn) {
        String type = values.get("messageType");
        Long processed = number(values.get("lsn_proc"));
        if ("BEGIN".equals(type)) {
            return Last.BEGIN;
        }
        boolean streamed = type != null || processed != null || values.containsKey("lsn_commit");
        if (values.containsKey("snapshot") || !streamed) {
            return Last.SNAPSHOT;
        }
        boolean ended = processed != null && Lsn.compare(processed, lsn) > 0;
        return ended || "COMMIT".equals(type) ? Last.COMMIT : Last.CHANGE;
    }

    private static @Nullable ChangeKind kind(@Nullable String messageType) {
        return ChangeKind.delivered().stream()
                .filter(kind -> kind.name().equals(messageType))
                .findAny()
                .orElse(null);
    }

    /** Returns true if the offset names this change: as its last change, as the last one before its commit, or after its BEGIN. */
    boolean names(Change change) {
        if ((xid != null && xid != change.xid())
                || (commitMicros != null && commitMicros != change.commitTimeMicros())) {
            return false;
        }
        boolean sameRecord = change.lsn() == lsn && (kind == null || kind == change.kind());
        return switch (last) {
            case SNAPSHOT -> false;
            // the transaction's first change may be of a table that is not captured
            case BEGIN -> xid == null ? sameRecord : Lsn.compare(change.lsn(), lsn) >= 0;
            case CHANGE -> sameRecord;
            case COMMIT ->
                commitEndLsn != null
                        && Lsn.compare(change.commitLsn(), commitEndLsn) < 0
                        && (kind == null ? xid != null : sameRecord);
        };
    }

    /** Returns the higher one of lsn and commitEndLsn. */
    public long furthestLsn() {
        return commitEndLsn == null ? lsn : Lsn.max(lsn, commitEndLsn);
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }
}
