package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.RecordFormat;
import io.pgcdc.sinks.kafka.format.Records;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import io.pgcdc.sinks.kafka.format.TableKeys;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes to a Kafka cluster. With exactly_once, whole transactions of the source share a Kafka transaction, whose last
 * record is the position. A new producer with the same transactional id ends the earlier producer's transaction, and continues
 * after the position. Any failure ends the producer: the cluster aborts its uncommitted records, and the sink gets their changes
 * again. For one thread.
 */
public final class KafkaSink implements Sink {

    private final String name;
    private final Cluster cluster;
    private final InstantSource clock;
    private final TopicKeeper topics;
    private final SettingValues settings;
    private final Records records = new Records();
    private final boolean transactional;
    private final String checkpointTopic;
    private final long commitBytes;
    private final long splitBytes;
    private final long timeoutMs;

    private final SentBefore sentBefore;
    private final RefusedRecords refusals;

    /** What {@link #sentBefore} is, in a replay. */
    private final SentBefore sentInReplay = new SentBefore(false);

    private boolean replaying;

    /** The last change of the last whole transaction of a replay; null if there is none. */
    private @Nullable Position replayed;

    private @Nullable SourceId source;
    private @Nullable RecordFormat<JsonBuffer> format;
    private @Nullable Ownership ownership;
    private @Nullable Reconciliation reconciliation;
    private @Nullable Session session;

    /** True if the last batch ended inside a transaction of the source. */
    private boolean inParts;

    /** Position of the last change of the last whole transaction; null if there is none. */
    private @Nullable Position whole;

    public KafkaSink(SinkContext context, SettingValues settings) {
        name = context.name();
        clock = context.clock();
        cluster = new Cluster(settings.get(DeliverySettings.PROPERTIES));
        refusals = new RefusedRecords(name, cluster);
        topics = new TopicKeeper(name, cluster, settings);
        this.settings = settings;
        transactional = settings.get(DeliverySettings.DELIVERY) == Delivery.EXACTLY_ONCE;
        sentBefore = new SentBefore(transactional);
        checkpointTopic = settings.get(DeliverySettings.CHECKPOINT_TOPIC);
        commitBytes = settings.get(DeliverySettings.COMMIT_BYTES);
        splitBytes = settings.get(DeliverySettings.SPLIT_BYTES);
        timeoutMs = settings.get(DeliverySettings.TRANSACTION_TIMEOUT_MS);
    }

    @Override
    public @Nullable Position open(SourceId from) {
        return open(from, null);
    }

    @Override
    public @Nullable Position open(SourceId from, @Nullable Position confirmed) {
        source = from;
        if (ownership == null) { // otherwise the sink was open before in this process
            ownership = new Ownership(name, cluster, checkpointTopic, from);
            reconciliation = new Reconciliation(
                    name, cluster, new ReconcileNotes(name, cluster, checkpointTopic, from), KeyStates.MOST_SLOTS);
        }
        if (confirmed != null) {
            ownership.expect(confirmed);
        }
        guarded("connecting", this::session);
        return whole;
    }

    @Override
    public void check() {
        topics.requireCluster();
    }

    @Override
    public boolean reconciles() {
        return Formats.haveKeys(settings);
    }

    @Override
    public ReplayTerms replayTerms() {
        guarded("preparing a replay", this::session);
        return new ReplayTerms(
                "The topics get the records of these changes again, after those that are there. Their consumers see them twice, also where"
                        + " the sink is exactly once. With --to, the last record of a key may be an older one.",
                null,
                false,
                false,
                transactional ? whole : null);
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
        sentInReplay.forget();
        replayed = null;
    }

    /** Returns what tells which changes were sent. In a replay nothing counts that was sent before. */
    private SentBefore sent() {
        return replaying ? sentInReplay : sentBefore;
    }

    @Override
    public Durability write(Batch batch) {
        return guarded("sending records", () -> {
            Session current = session();
            boolean part = !batch.endsAtCommit();
            if (part && !inParts && !sent().isTorn()) {
                settle(current); // whole transactions must not wait for a long one
            }
            send(batch, current);
            inParts = part;
            if (part) {
                splitIfLong(current, batch.lastPosition());
                return Durability.ACCEPTED;
            }
            wholeUpTo(batch.lastPosition());
            if (current.pending() && current.bytes() < commitBytes) {
                return Durability.ACCEPTED;
            }
            settle(current);
            return Durability.DURABLE;
        });
    }

    /** Sends each change's records as soon as they are made, so that only the producer buffers them. */
    private void send(Batch batch, Session current) {
        sent().startOfBatch();
        format().startOfBatch();
        try {
            batch.forEach(change -> send(change, current));
        } catch (RefusedChangeException e) {
            format().undoBatch();
            sent().tear();
            throw e;
        }
        if (batch.endsAtCommit()) {
            records.clear();
            format().endOfTransaction(records);
            sendRecords(current);
        }
        sent().endOfBatch(batch.lastPosition(), batch.endsAtCommit());
    }

    private void send(Change change, Session current) {
        boolean marker = change.kind() == ChangeKind.RECONCILE;
        if (sent().has(change)) {
            if (!marker) {
                format().passOver(change, sent().hasTransaction(change));
            }
            return;
        }
        if (marker) {
            reconcile(change, current);
            sent().add(change);
            return;
        }
        records.clear();
        try {
            refusals.requireWanted(change.position());
            format().append(change, records);
            refusals.requireSendable(records.waiting());
        } catch (RefusedChangeException e) {
            reconciliation().refused(change);
            throw e;
        }
        if (!records.waiting().isEmpty()) {
            sendRecords(current);
            sent().add(change);
        }
    }

    private void reconcile(Change marker, Session current) {
        Relation relation = marker.relation();
        TableKeys keys = relation == null ? null : format().keys(relation);
        if (keys == null) {
            return;
        }
        guarded("reconciling topic " + keys.topic(), () -> {
            if (marker.snapshot() == SnapshotPlace.FIRST_OF_TABLE) {
                if (!transactional) {
                    topics.requireCheckpoints(checkpointTopic);
                }
                reconciliation().begin(marker, keys, current);
            } else {
                reconciliation().end(marker, keys, () -> settleSent(current), tombstone -> {
                    current.send(tombstone);
                    boolean old = current.age().toMillis() > timeoutMs / 2;
                    if (current.bytes() >= commitBytes || old) {
                        settleSent(current);
                    }
                });
            }
            return marker;
        });
    }

    /** Makes all sent records durable, also those of a part of a batch. */
    private void settleSent(Session current) {
        if (!current.pending()) {
            return;
        }
        if (transactional) {
            commit(current, replaying ? whole : sentBefore.through(), whole);
        } else {
            current.flush();
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
            if (current != null && sent().isTorn()) {
                return Durability.ACCEPTED; // a commit would split a batch
            }
            if (current != null && !inParts) {
                settle(current);
            }
            return Durability.DURABLE;
        });
    }

    /** Sets the end of the last whole transaction. With exactly_once it never goes back, even if earlier changes come again. */
    private void wholeUpTo(Position last) {
        if (replaying) {
            replayed = last;
            if (transactional) {
                return;
            }
        }
        Position before = whole;
        if (!transactional || before == null || last.compareTo(before) > 0) {
            whole = last;
        }
    }

    /** Makes the records of whole transactions durable: commits them, or flushes without transactions. */
    private void settle(Session current) {
        Position last = whole;
        if ((last != null || replaying)
                && (current.pending() || reconciliation().isUnsaved())) {
            if (transactional) {
                commit(current, last, last);
            } else {
                reconciliation().save(current);
                current.flush();
                forgetRefusals(last);
            }
        }
    }

    /**
     * Commits a part of a transaction of the source if it is large or takes long; the rest follows in a new Kafka transaction.
     * Without transactions, flushes if it is large.
     */
    private void splitIfLong(Session current, Position last) {
        if (!current.pending()) {
            return;
        }
        boolean large = current.bytes() >= splitBytes;
        if (transactional && (large || current.age().toMillis() > timeoutMs / 2)) {
            commit(current, replaying ? whole : last, whole);
        } else if (!transactional && large) {
            current.flush();
        }
    }

    private void commit(Session current, @Nullable Position last, @Nullable Position lastWhole) {
        reconciliation().save(current);
        ownership().commit(current, last, lastWhole);
        forgetRefusals(last);
    }

    private void forgetRefusals(@Nullable Position last) {
        Position upTo = replaying ? replayed : last;
        if (upTo != null) {
            refusals.forgetUpTo(upTo);
        }
    }

    private Reconciliation reconciliation() {
        Reconciliation known = reconciliation;
        if (known == null) {
            throw notOpened();
        }
        return known;
    }

    private Ownership ownership() {
        Ownership known = ownership;
        if (known == null) {
            throw notOpened();
        }
        return known;
    }

    private RecordFormat<JsonBuffer> format() {
        RecordFormat<JsonBuffer> made = format;
        if (made == null) {
            made = Formats.create(name, clock, settings, topics, source());
            format = made;
        }
        return made;
    }

    private SourceId source() {
        SourceId from = source;
        if (from == null) {
            throw notOpened();
        }
        return from;
    }

    private IllegalStateException notOpened() {
        return new IllegalStateException("sink " + name + " was not opened");
    }

    private Session session() throws Exception {
        Session current = session;
        if (current == null) {
            topics.requireCluster();
            cluster.worked();
            if (transactional) {
                topics.requireCheckpoints(checkpointTopic);
                ownership().require();
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
                PositionRecord found = ownership().claim(fresh);
                sentBefore.begin(found);
                sentInReplay.forget();
                whole = found == null ? null : found.whole();
            }
            return fresh;
        } catch (Exception e) {
            fresh.close();
            throw e;
        }
    }

    /** A step that may throw any exception. */
    private interface Step<T> {
        T run() throws Exception;
    }

    private <T> T guarded(String doing, Step<T> step) {
        try {
            return step.run();
        } catch (RefusedChangeException e) {
            throw e; // the session stays: its records before this change are valid
        } catch (Session.Failed e) {
            abandon();
            Session.Failure unwanted = e.unwanted();
            throw unwanted == null ? KafkaErrors.of(e.first(), doing, cluster) : refusals.add(unwanted);
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

    /** Drops the producer and its uncommitted records. */
    private void abandon() {
        Session current = session;
        session = null;
        inParts = false;
        whole = null;
        sentBefore.forget();
        sentInReplay.forget();
        if (reconciliation != null) {
            reconciliation.forget();
        }
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
