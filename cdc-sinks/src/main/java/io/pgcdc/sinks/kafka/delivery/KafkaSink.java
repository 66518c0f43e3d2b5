package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.config.SettingValues;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.RecordFormat;
import io.pgcdc.sinks.kafka.format.Records;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes to a Kafka cluster. Exactly once: whole transactions of the source share a Kafka transaction, whose last record is the
 * position; a producer that comes with the same transactional id ends that of the one before, and goes on behind the position. A failure of
 * whatever kind ends the producer: what it had not committed is broken off, and comes again.
 *
 * <p>A record that the cluster will not take is known only after others were sent behind it. Its change is remembered, all comes again,
 * and then the change is refused before it is sent.
 */
public final class KafkaSink implements Sink {

    private final String name;
    private final Cluster cluster;
    private final TopicKeeper topics;
    private final SettingValues settings;
    private final Records records = new Records();
    private final boolean transactional;
    private final String checkpointTopic;
    private final long commitBytes;
    private final long splitBytes;
    private final long timeoutMs;

    /** Names this process. */
    private final String owner = UUID.randomUUID().toString();

    /** By position of the change: why it is refused. */
    private final Map<Position, String> refused = new HashMap<>();

    private @Nullable SourceId source;
    private @Nullable RecordFormat format;
    private @Nullable CheckpointTopic checkpoints;
    private @Nullable Session session;
    private boolean claimed;

    /** The last batch was a part of a transaction, whose end has not come. */
    private boolean inParts;

    /** A batch was sent in part, up to a change that was refused: it comes again. */
    private boolean torn;

    /** The last change of the batch that had records sent. */
    private @Nullable Position sent;

    /** The last change that the cluster had when the session began, or that was sent of a torn batch: those up to it are passed over. */
    private @Nullable Position had;

    /** The last end of a transaction that it had. */
    private @Nullable Position hadWhole;

    /** The last end of a transaction that was given. */
    private @Nullable Position whole;

    /** What the cluster said it has. */
    private @Nullable Position committed;

    public KafkaSink(String name, SettingValues settings) {
        this.name = name;
        cluster = new Cluster(settings.get(DeliverySettings.PROPERTIES));
        topics = new TopicKeeper(name, cluster, settings);
        this.settings = settings;
        transactional = settings.get(DeliverySettings.DELIVERY) == Delivery.EXACTLY_ONCE;
        checkpointTopic = settings.get(DeliverySettings.CHECKPOINT_TOPIC);
        commitBytes = settings.get(DeliverySettings.COMMIT_BYTES);
        splitBytes = settings.get(DeliverySettings.SPLIT_BYTES);
        timeoutMs = settings.get(DeliverySettings.TRANSACTION_TIMEOUT_MS);
    }

    @Override
    public @Nullable Position open(SourceId from) {
        source = from;
        guarded("connecting", this::session);
        return whole;
    }

    @Override
    public Durability write(Batch batch) {
        return guarded("sending records", () -> {
            Session current = session();
            boolean part = !batch.endsAtCommit();
            if (part && !inParts && !torn) {
                settle(current); // what is whole must not wait for what may take long
            }
            send(batch, current);
            inParts = part;
            if (part) {
                splitIfLong(current, batch.lastPosition());
                return Durability.ACCEPTED;
            }
            whole = batch.lastPosition();
            if (current.pending() && current.bytes() < commitBytes) {
                return Durability.ACCEPTED;
            }
            settle(current);
            return Durability.DURABLE;
        });
    }

    /** Each change's records are sent as soon as they are made: none is kept but in the producer's buffer. */
    private void send(Batch batch, Session current) {
        torn = true;
        sent = null;
        format().startOfBatch();
        try {
            batch.forEach(change -> send(change, current));
        } catch (RefusedChangeException e) {
            format().undoBatch();
            if (sent != null) {
                had = sent; // the batch comes again without that change, and goes on behind what was sent of it
            }
            throw e;
        }
        if (batch.endsAtCommit()) {
            records.clear();
            format().endOfTransaction(records);
            sendRecords(current);
        }
        torn = false;
        // positions only grow; not sooner than here: a batch that holds a refused change comes again, with what was
        // there already
        Position until = had;
        if (until != null && batch.lastPosition().compareTo(until) > 0) {
            had = null;
        }
    }

    private void send(Change change, Session current) {
        Position until = had;
        if (until != null && change.position().compareTo(until) <= 0) {
            boolean whole = until.equals(hadWhole)
                    || change.commitLsn() != until.commitLsn()
                    || change.epoch() != until.epoch();
            format().passOver(change, whole);
            return;
        }
        if (!refused.isEmpty()) {
            String why = refused.get(change.position());
            if (why != null) {
                throw new RefusedChangeException(change.position(), why, null);
            }
        }
        records.clear();
        format().append(change, records);
        if (!records.waiting().isEmpty()) {
            sendRecords(current);
            sent = change.position(); // not the last record's: that may be the end of the transaction before
        }
    }

    private void sendRecords(Session current) {
        for (Outgoing record : records.waiting()) {
            current.send(record);
        }
    }

    @Override
    public Durability flush() {
        return guarded("committing", () -> {
            Session current = session;
            if (current != null && torn) {
                return Durability.ACCEPTED; // a commit would be in the middle of a batch
            }
            if (current != null && !inParts) {
                settle(current);
            }
            return Durability.DURABLE;
        });
    }

    /** Makes what was sent durable. */
    private void settle(Session current) {
        Position last = whole;
        if (last != null && current.pending()) {
            if (transactional) {
                commit(current, last, last);
            } else {
                current.flush();
            }
        }
    }

    /** A transaction of the source that would keep one of Kafka's open for too long goes on in another one. */
    private void splitIfLong(Session current, Position last) {
        if (!current.pending()) {
            return;
        }
        boolean large = current.bytes() >= splitBytes;
        if (transactional && (large || current.age().toMillis() > timeoutMs / 2)) {
            commit(current, last, whole);
        } else if (!transactional && large) {
            current.flush();
        }
    }

    private void commit(Session current, Position last, @Nullable Position lastWhole) {
        current.commit(checkpoints(), new Checkpoint(last, lastWhole, owner));
        committed = last;
    }

    private CheckpointTopic checkpoints() {
        CheckpointTopic known = checkpoints;
        if (known == null) {
            SourceId from = source();
            known = new CheckpointTopic(cluster, checkpointTopic, Checkpoint.key(from, name));
            checkpoints = known;
        }
        return known;
    }

    private RecordFormat format() {
        RecordFormat made = format;
        if (made == null) {
            made = Formats.create(name, settings, topics, source());
            format = made;
        }
        return made;
    }

    private SourceId source() {
        SourceId from = source;
        if (from == null) {
            throw new IllegalStateException("sink " + name + " was not opened");
        }
        return from;
    }

    private Session session() throws Exception {
        Session current = session;
        if (current == null) {
            if (transactional) {
                topics.requireCheckpoints(checkpointTopic);
                requireOwner();
            } else {
                topics.requireCluster();
            }
            current = connect();
            session = current;
        }
        return current;
    }

    private Session connect() throws Exception {
        SourceId from = source();
        String id = "pgcdc-" + from.systemIdentifier() + "-" + from.slot() + "-" + name;
        Producer<byte[], byte[]> producer = cluster.producer(transactional ? id : null, timeoutMs);
        Session fresh = new Session(producer, transactional);
        try {
            if (transactional) {
                producer.initTransactions();
                Checkpoint found = checkpoints().read();
                had = found == null ? null : found.position();
                requireNotBehind(had);
                whole = found == null ? null : found.whole();
                hadWhole = whole;
                committed = had;
                fresh.commit(checkpoints(), new Checkpoint(had, whole, owner));
                claimed = true;
            }
            return fresh;
        } catch (Exception e) {
            fresh.close();
            throw e;
        }
    }

    /** Another process may have come since: then this one's next producer must not end that one's. */
    private void requireOwner() throws Exception {
        if (claimed) {
            Checkpoint found = checkpoints().read();
            if (found != null && !found.owner().equals(owner)) {
                throw new SinkException(
                        ErrorCode.TARGET_TAKEN_OVER,
                        "another process writes as sink \"" + name + "\" of this slot; " + cluster.where()
                                + "; nothing of this one's transaction was committed. Stop one of the two, then start again.");
            }
        }
    }

    private void requireNotBehind(@Nullable Position found) {
        Position before = committed;
        if (before != null && (found == null || found.compareTo(before) < 0)) {
            throw new SinkException(
                    ErrorCode.TARGET_BEHIND,
                    "sink \"" + name + "\": topic " + checkpointTopic + " has changes up to "
                            + (found == null ? "none" : found) + " and had confirmed them up to " + before
                            + ": it lost some, or belongs to another cluster; " + cluster.where()
                            + ". Bring the right one back, or begin anew with another name for the sink.");
        }
    }

    /** What may throw anything. */
    private interface Step<T> {
        T run() throws Exception;
    }

    private <T> T guarded(String doing, Step<T> step) {
        try {
            return step.run();
        } catch (RefusedChangeException e) {
            throw e; // what was sent before it stays
        } catch (Session.Failed e) {
            abandon();
            throw failed(e, doing);
        } catch (CdcException e) {
            if (e instanceof SinkException) {
                abandon();
            }
            throw e;
        } catch (KafkaException e) {
            abandon();
            throw KafkaErrors.of(e, doing, cluster);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            abandon();
            throw KafkaErrors.of(e, doing, cluster);
        }
    }

    private CdcException failed(Session.Failed e, String doing) {
        Session.Sent record = e.record();
        if (record == null || !KafkaErrors.isOfRecord(e.thrown())) {
            return KafkaErrors.of(e.thrown(), doing, cluster);
        }
        Throwable cause = KafkaErrors.cause(e.thrown());
        String why = "sink \"" + name + "\": the change of " + record.source() + " at " + record.change()
                + " makes a record of " + record.bytes() + " bytes for topic " + record.topic()
                + (cause instanceof RecordTooLargeException
                        ? ", larger than Kafka takes. Raise properties max.request.size and the topic's max.message.bytes, leave wide"
                                + " columns out with exclude_columns, or put it aside with dead_letter: true."
                        : ", which Kafka does not take. It said: " + KafkaErrors.said(cause)
                                + " Its timestamp is the commit's: look at the topic's message.timestamp.*.max.ms and at the clocks;"
                                + " or put it aside with dead_letter: true.");
        refused.put(record.change(), why);
        return new SinkException(
                ErrorCode.TARGET_BUSY, why + " All since the last commit is sent again without it.", e.thrown());
    }

    /** The producer and what it had not committed are given up. */
    private void abandon() {
        Session current = session;
        session = null;
        inParts = false;
        torn = false;
        whole = null;
        had = null;
        records.clear();
        format = null;
        topics.close();
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        abandon();
    }
}
