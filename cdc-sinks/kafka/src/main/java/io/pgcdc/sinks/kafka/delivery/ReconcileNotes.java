package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** A sink's notes of reconciliations in the topic of positions. Sends those that changed with the next commit. For one thread. */
final class ReconcileNotes {

    private final String sink;
    private final Cluster cluster;
    private final String topic;
    private final SourceId source;
    private final Map<String, ReconcileNote> notes = new HashMap<>();

    /** Tables whose notes this session set or removed: what the cluster has of them is older. */
    private final Set<String> changed = new HashSet<>();

    /** Tables whose notes wait to be sent. */
    private final Set<String> unsaved = new HashSet<>();

    private boolean loaded;

    ReconcileNotes(String sink, Cluster cluster, String topic, SourceId source) {
        this.sink = sink;
        this.cluster = cluster;
        this.topic = topic;
        this.source = source;
    }

    /** Returns the table's note, or null if there is none. The first call in a session reads the topic. */
    @Nullable
    ReconcileNote find(String table) {
        if (!loaded && !changed.contains(table)) {
            try {
                load();
            } catch (Exception e) {
                throw KafkaErrors.of(e, "reading notes of reconciliations", cluster);
            }
            loaded = true;
        }
        return notes.get(table);
    }

    private void load() throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (PartitionReader reader = new PartitionReader(cluster, IsolationLevel.READ_COMMITTED)) {
            long end = PartitionReader.end(cluster, partition, IsolationLevel.READ_UNCOMMITTED);
            reader.read(partition, reader.begin(partition), end, r -> take(r.key(), r.value()));
        } catch (ExecutionException e) {
            if (!(KafkaErrors.cause(e) instanceof UnknownTopicOrPartitionException)) {
                throw e; // without transactions, the first beginning makes the topic
            }
        }
    }

    private void take(byte @Nullable [] key, byte @Nullable [] value) {
        String table = ReconcileNote.table(key, source, sink);
        if (table == null || changed.contains(table)) {
            return;
        }
        if (value == null) {
            notes.remove(table);
            return;
        }
        try {
            notes.put(table, ReconcileNote.parse(table, value));
        } catch (IllegalArgumentException e) {
            throw new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\": topic " + topic + " has a record that is not a reconciliation's note; "
                            + cluster.where() + ". Write a tombstone with the same key to the topic.",
                    e);
        }
    }

    void put(ReconcileNote note) {
        notes.put(note.table(), note);
        changed.add(note.table());
        unsaved.add(note.table());
    }

    void remove(String table) {
        notes.remove(table);
        changed.add(table);
        unsaved.add(table);
    }

    boolean isUnsaved() {
        return !unsaved.isEmpty();
    }

    /** Sends what changed. The next commit or flush makes it durable. */
    void save(Session session) {
        for (String table : unsaved) {
            ReconcileNote note = notes.get(table);
            byte[] value = note == null ? null : note.toBytes();
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, 0, ReconcileNote.key(source, sink, table), value);
            session.send(new Outgoing(record, null, "the note of a reconciliation of " + table));
        }
        unsaved.clear();
    }

    /** Forgets all that this session knows: its uncommitted notes are lost. */
    void forget() {
        notes.clear();
        changed.clear();
        unsaved.clear();
        loaded = false;
    }
}
