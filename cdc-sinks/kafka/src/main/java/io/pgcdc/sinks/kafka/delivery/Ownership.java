package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.SourceId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far the sink is by the cluster's topic of positions, and whether this process is still the one that writes as the sink. One thread. */
final class Ownership {

    private final String sink;
    private final Cluster cluster;
    private final String topic;
    private final CheckpointTopic checkpoints;

    /** Names this process. */
    private final String owner = UUID.randomUUID().toString();

    private boolean claimed;

    /** What an earlier run had confirmed, by the queue's checkpoint; null: nothing that is known. */
    private @Nullable Position expected;

    /** What the cluster said it has. */
    private @Nullable Position committed;

    Ownership(String sink, Cluster cluster, String topic, SourceId source) {
        this.sink = sink;
        this.cluster = cluster;
        this.topic = topic;
        checkpoints = new CheckpointTopic(cluster, topic, PositionRecord.key(source, sink));
    }

    /** The cluster has records up to a position, by what an earlier run confirmed. */
    void expect(Position position) {
        expected = position;
    }

    /**
     * Another process may have come since this one wrote: then this one's next producer must not end that one's. A transaction that this one
     * left open is not waited for: only that next producer ends it. Nor does it hide another's claim, which the cluster lets in behind it only.
     *
     * @throws SinkException TARGET_TAKEN_OVER when one did
     */
    void require() throws Exception {
        if (claimed && isOthers(checkpoints.readUncommitted()) && isOthers(checkpoints.read())) {
            throw new SinkException(
                    ErrorCode.TARGET_TAKEN_OVER,
                    "another process writes as sink \"" + sink + "\" of this slot; " + cluster.where()
                            + "; nothing of this one's transaction was committed. Stop one of the two, then start again.");
        }
    }

    private boolean isOthers(@Nullable PositionRecord found) {
        return found != null && !found.owner().equals(owner);
    }

    /**
     * Reads where the one before ended, and writes that this process goes on there. Its producer has ended the one before.
     *
     * @return null: nothing was ever committed
     * @throws SinkException TARGET_BEHIND when the cluster has less than it had confirmed; TARGET_EXCHANGED when it does not know the sink
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
     * Commits what the session sent.
     *
     * @param last the last change
     * @param whole the last whose transaction has ended
     */
    void commit(Session session, @Nullable Position last, @Nullable Position whole) {
        session.commit(checkpoints.record(new PositionRecord(last, whole, owner)));
        committed = last;
    }

    /** Each start writes a record, before any change. */
    private void requireKnown(@Nullable PositionRecord found) {
        Position had = expected;
        if (!claimed && found == null && had != null) {
            throw new SinkException(
                    ErrorCode.TARGET_EXCHANGED,
                    "sink \"" + sink + "\" has no record in topic " + topic + ", and had confirmed changes up to " + had
                            + ": the topic was deleted or does not have cleanup.policy=compact, the cluster is another one, or the sink had delivery:"
                            + " at_least_once; " + cluster.where()
                            + ". Restore it, or correct bootstrap.servers or checkpoint_topic. To go on there behind "
                            + had
                            + ", give the sink another name and start: \"" + had + "\".");
        }
    }

    private void requireNotBehind(@Nullable Position found) {
        Position before = committed;
        if (before != null && (found == null || found.compareTo(before) < 0)) {
            throw new SinkException(
                    ErrorCode.TARGET_BEHIND,
                    "sink \"" + sink + "\": topic " + topic + " has changes up to " + (found == null ? "none" : found)
                            + " and had confirmed them up to " + before
                            + ": it lost some, or belongs to another cluster; "
                            + cluster.where()
                            + ". Bring the right one back, or begin anew with another name for the sink.");
        }
    }
}
