package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Remembers changes whose records the cluster refuses. Kafka refuses a record only after later ones were sent. So the sink
 * remembers the change and sends all uncommitted changes again. In the second round it refuses the change before it sends the
 * change's records. For one thread.
 */
final class RefusedRecords {

    private final String sink;
    private final Cluster cluster;

    /** Why the cluster refuses the change, by position. */
    private final TreeMap<Position, String> changes = new TreeMap<>();

    RefusedRecords(String sink, Cluster cluster) {
        this.sink = sink;
        this.cluster = cluster;
    }

    /**
     * Checks that the cluster has not refused the change before.
     *
     * @throws RefusedChangeException if it has
     */
    void requireWanted(Position change) {
        String why = changes.isEmpty() ? null : changes.get(change);
        if (why != null) {
            throw new RefusedChangeException(change, why, null);
        }
    }

    /**
     * Checks that no record is larger than the client allows. This check saves a round of sending.
     *
     * @throws RefusedChangeException if a record is larger than {@link Cluster#largestRequest}
     */
    void requireSendable(List<Outgoing> records) {
        for (int i = 0; i < records.size(); i++) {
            Outgoing record = records.get(i);
            Position change = record.change();
            if (change != null && record.bytes() > cluster.largestRequest()) {
                throw new RefusedChangeException(
                        change,
                        message(Session.Sent.of(record), "larger than properties max.request.size or buffer.memory"),
                        null);
            }
        }
    }

    /**
     * Remembers the change of a refused record.
     *
     * @return the error to throw now. The sink retries after it, unless the record belongs to no change
     */
    CdcException add(Session.Failure failure) {
        Session.Sent sent = failure.sent();
        Position change = sent.change();
        if (change == null) {
            return new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\": Kafka refuses " + sent.source() + " in topic " + sent.topic() + "; "
                            + cluster.where() + ". It said: "
                            + KafkaErrors.said(KafkaErrors.cause(failure.thrown()))
                            + " Check the topic's settings with kafka-configs, or write another topic.",
                    failure.thrown());
        }
        String why = why(sent, failure.thrown());
        changes.put(change, why);
        return new SinkException(
                ErrorCode.TARGET_BUSY,
                why + " The changes since the last commit are sent again without it.",
                failure.thrown(),
                change.toString()); // the position makes each change a separate reason
    }

    /** Forgets changes up to a position, inclusive. Call it after their commit, when they cannot come again. */
    void forgetUpTo(Position position) {
        changes.headMap(position, true).clear();
    }

    private String why(Session.Sent sent, Exception thrown) {
        Throwable cause = KafkaErrors.cause(thrown);
        if (cause instanceof RecordTooLargeException) {
            return message(sent, "larger than Kafka allows");
        }
        String said = KafkaErrors.said(cause);
        String advice;
        if (cause instanceof InvalidTimestampException || said.contains("imestamp")) { // brokers use both
            advice = " Its timestamp is the commit's: check the topic's message.timestamp.*.max.ms and the clocks;";
        } else if (sent.keyless()) {
            advice = " It has no key, which a compacted topic requires: write key_columns or null_key: table, skip such"
                    + " changes with skip, set the topic's cleanup.policy to delete,";
        } else {
            advice = " Check the topic's settings with kafka-configs,";
        }
        return what(sent) + ", which Kafka refuses. It said: " + said + advice
                + " or write dead_letter: true to move the change to the dead-letter file.";
    }

    private String message(Session.Sent sent, String tooLarge) {
        return what(sent) + ", " + tooLarge
                + ". Raise properties max.request.size and the topic's max.message.bytes, exclude wide columns with"
                + " exclude_columns, or write dead_letter: true to move the change to the dead-letter file.";
    }

    private String what(Session.Sent sent) {
        return "sink \"" + sink + "\": the change of " + sent.source() + " at " + sent.change() + " makes a record of "
                + sent.bytes() + " bytes for topic " + sent.topic();
    }
}
