package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.SourceId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the sink's position in the cluster's topic of positions. Checks that only this process writes as the sink. For
 * one thread.
 */
final class Ownership {

    private final String sink;
    private final Cluster cluster;
    private final String topic;
    private final CheckpointTopic checkpoints;

    /** A random id of this process. */
    private final String owner = UUID.randomUUID().toString();

    private boolean claimed;

    /** The position that the cluster confirmed to an earlier run, from the queue's checkpoint; null if not known. */
    private @Nullable Position expected;

    /** The position that this process committed last; null before the first. */
    private @Nullable Position committed;

    Ownership(String sink, Cluster cluster, String topic, SourceId source) {
        this.sink = sink;
        this.cluster = cluster;
        this.topic = topic;
        checkpoints = new CheckpointTopic(cluster, topic, PositionRecord.key(source, sink));
    }

    /** Sets the position that the cluster confirmed in an earlier run. */
    void expect(Position position) {
        expected = position;
    }

    /**
     * Checks that no other process wrote as the sink since this one did. Otherwise this process's next producer would end the
     * other's. Does not wait for a transaction that this process left open, because only its next producer ends it. Such a
     * transaction does not hide another process's claim: the cluster accepts a claim only after it ended the transaction.
     *
     * @throws SinkException TARGET_TAKEN_OVER if another process wrote
     */
    void require() throws Exception {
        if (claimed && isOthers(checkpoints.readUncommitted()) && isOthers(checkpoints.read())) {
            throw new SinkException(
                    ErrorCode.TARGET_TAKEN_OVER,
                    "another process writes as sink \"" + sink + "\" of this slot; " + cluster.where()
                            + ". This process's transaction was aborted. Stop one of the two processes, then start again.");
        }
    }

    private boolean isOthers(@Nullable PositionRecord found) {
        return found != null && !found.owner().equals(owner);
    }

    /**
     * Reads the last committed position, and commits it again with this process as the owner. Call it after initTransactions: this
     * process's producer has then ended the earlier process's producer.
     *
     * @return the last committed record; null if nothing was ever committed
     * @throws SinkException TARGET_BEHIND if the cluster lacks changes that it confirmed; TARGET_EXCHANGED if it has no record of
     *     the sink, but an earlier run had one
     */
    @Nullable
    PositionRecord claim(Session session) throws Exception {
        PositionRecord found = checkpoints.read();
        requireKnown(found);
        Position position = found == null ? null : found.position();
        requireNotBehind(position);
        commit(session, position, found == null ? null : found.whole());
        claimed = true;
        return found;
    }

    /**
     * Commits the records that the session sent, together with the position.
     *
     * @param last position of the last change; null if there is none
     * @param whole position of the last change whose transaction has ended; null if there is none
     */
    void commit(Session session, @Nullable Position last, @Nullable Position whole) {
        session.commit(checkpoints.record(new PositionRecord(last, whole, owner)));
        committed = last;
    }

    /** Checks that the sink's record exists if an earlier run confirmed a change: each run writes the record before any change. */
    private void requireKnown(@Nullable PositionRecord found) {
        Position had = expected;
        if (!claimed && found == null && had != null) {
            throw new SinkException(
                    ErrorCode.TARGET_EXCHANGED,
                    "sink \"" + sink + "\" has no record in topic " + topic + ", but had confirmed changes up to " + had
                            + ": the topic was deleted or lacks cleanup.policy=compact, the cluster is another one, or the sink"
                            + " had delivery:"
                            + " at_least_once; " + cluster.where()
                            + ". Restore the topic, or correct bootstrap.servers or checkpoint_topic. To fill it, give the sink another name"
                            + " and start: snapshot. To continue there after "
                            + had
                            + ", give it another name and start: \"" + had + "\".");
        }
    }

    private void requireNotBehind(@Nullable Position found) {
        Position before = committed;
        if (before != null && (found == null || found.compareTo(before) < 0)) {
            throw new SinkException(
                    ErrorCode.TARGET_BEHIND,
                    "sink \"" + sink + "\": the changes in topic " + topic + " end at "
                            + (found == null ? "none" : found)
                            + ", but it had confirmed them up to " + before
                            + ": it lost changes, or belongs to another cluster; "
                            + cluster.where()
                            + ". Restore the right topic, or start with another name for the sink.");
        }
    }
}
