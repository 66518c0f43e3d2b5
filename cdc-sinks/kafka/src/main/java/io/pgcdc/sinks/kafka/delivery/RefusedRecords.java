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
 * Changes whose records the cluster does not take. Kafka says so only after others were sent behind them: they are remembered, all that is not
 * committed comes again, and then they are refused before they are sent. One thread.
 */
final class RefusedRecords {

    private final String sink;
    private final Cluster cluster;

    /** By position: why. */
    private final TreeMap<Position, String> changes = new TreeMap<>();

    RefusedRecords(String sink, Cluster cluster) {
        this.sink = sink;
        this.cluster = cluster;
    }

    /** @throws RefusedChangeException when it is one of them */
    void requireWanted(Position change) {
        String why = changes.isEmpty() ? null : changes.get(change);
        if (why != null) {
            throw new RefusedChangeException(change, why, null);
        }
    }

    /**
     * Spares a round of sending what the client would refuse at once.
     *
     * @throws RefusedChangeException when one is larger than a request may be
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
     * Remembers what was not taken.
     *
     * @return the error of this round, to be tried again but for a record that is of no change
     */
    CdcException add(Session.Failure failure) {
        Session.Sent sent = failure.sent();
        Position change = sent.change();
        if (change == null) {
            return new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\": Kafka does not take " + sent.source() + " in topic " + sent.topic() + "; "
                            + cluster.where() + ". It said: "
                            + KafkaErrors.said(KafkaErrors.cause(failure.thrown()))
                            + " Look at the topic's settings, or name another topic.",
                    failure.thrown());
        }
        String why = why(sent, failure.thrown());
        changes.put(change, why);
        return new SinkException(
                ErrorCode.TARGET_BUSY,
                why + " All since the last commit is sent again without it.",
                failure.thrown(),
                change.toString()); // each once: the next one is another reason
    }

    /** Those up to a position do not come again. */
    void forgetUpTo(Position position) {
        changes.headMap(position, true).clear();
    }

    private String why(Session.Sent sent, Exception thrown) {
        Throwable cause = KafkaErrors.cause(thrown);
        if (cause instanceof RecordTooLargeException) {
            return message(sent, "larger than Kafka takes");
        }
        String said = KafkaErrors.said(cause);
        String advice;
        if (cause instanceof InvalidTimestampException || said.contains("imestamp")) { // brokers name it either way
            advice =
                    " Its timestamp is the commit's: look at the topic's message.timestamp.*.max.ms and at the clocks;";
        } else if (sent.keyless()) {
            advice =
                    " It has no key, which a compacted topic must have: name key_columns or null_key: table, leave such changes out"
                            + " with skip, or set the topic's cleanup.policy to delete;";
        } else {
            advice = " Look at the topic's settings;";
        }
        return what(sent) + ", which Kafka does not take. It said: " + said + advice
                + " or put it aside with dead_letter: true.";
    }

    private String message(Session.Sent sent, String tooLarge) {
        return what(sent) + ", " + tooLarge
                + ". Raise properties max.request.size and the topic's max.message.bytes, leave wide columns out with"
                + " exclude_columns, or put it aside with dead_letter: true.";
    }

    private String what(Session.Sent sent) {
        return "sink \"" + sink + "\": the change of " + sent.source() + " at " + sent.change() + " makes a record of "
                + sent.bytes() + " bytes for topic " + sent.topic();
    }
}
