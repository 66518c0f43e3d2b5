package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.SourceId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sink's position in the cluster's topic of positions, and the check that only this process writes as the sink. For one thread.
 */
final class Ownership {

    private final String sink;
    private final Cluster cluster;
    private final String topic;
    private final CheckpointTopic checkpoints;

    /** Identifies this process. */
    private final String owner = UUID.randomUUID().toString();

    private boolean claimed;

    /** The position that an earlier run confirmed, from the queue's checkpoint; null if not known. */
    private @Nullable Position expected;

    /** The cluster's position. */
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
     * Checks that no other process wrote since this one did: this process's next producer must not end that one's. Does not wait
     * for a transaction that this process left open, because only its next producer ends it. Such a transaction does not hide
     * another process's claim, because the cluster accepts that claim only after it.
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
     * Reads the earlier process's last position, and writes that this process continues there. This process's producer has ended
     * the earlier one's.
     *
     * @return null if nothing was ever committed
     * @throws SinkException TARGET_BEHIND if the cluster lacks changes that it confirmed; TARGET_EXCHANGED if it does not know the
     *     sink
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
     * Commits the records that the session sent.
     *
     * @param last the last change
     * @param whole the last change whose transaction has ended
     */
    void commit(Session session, @Nullable Position last, @Nullable Position whole) {
        session.commit(checkpoints.record(new PositionRecord(last, whole, owner)));
        committed = last;
    }

    /** Checks that there is a record: each start writes one before any change. */
    private void requireKnown(@Nullable PositionRecord found) {
        Position had = expected;
        if (!claimed && found == null && had != null) {
            throw new SinkException(
                    ErrorCode.TARGET_EXCHANGED,
                    "sink \"" + sink + "\" has no record in topic " + topic + ", but had confirmed changes up to " + had
                            + ": the topic was deleted or lacks cleanup.policy=compact, the cluster is another one, or the sink"
                            + " had delivery:"
                            + " at_least_once; " + cluster.where()
                            + ". Restore the topic, or correct bootstrap.servers or checkpoint_topic. To continue there after "
                            + had
                            + ", give the sink another name and start: \"" + had + "\".");
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
