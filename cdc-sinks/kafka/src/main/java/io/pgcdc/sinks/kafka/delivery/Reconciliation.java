package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import io.pgcdc.sinks.kafka.format.TableKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the keys of rows that a table does not have. At the beginning it notes the end of the table's topic: from there on, each
 * row that exists gets a record. At the end, a key without a record since gets a tombstone. The note is committed with the position
 * of the beginning, and removed with the position of the end. So after a crash either comes again, and both can be repeated. For one
 * thread.
 */
final class Reconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    private final String sink;
    private final Cluster cluster;
    private final ReconcileNotes notes;
    private final int mostSlots;

    /**
     * The last refused change of each table. It may come no more in a later session of this process, and the commit of the table's
     * end may fail. So it is kept, and added to the table's note in each session. It does not count for a later beginning.
     */
    private final Map<String, Position> refused = new HashMap<>();

    private boolean refusedIsNoted = true;

    /** @param mostSlots bounds the memory, see {@link KeyStates} */
    Reconciliation(String sink, Cluster cluster, ReconcileNotes notes, int mostSlots) {
        this.sink = sink;
        this.cluster = cluster;
        this.notes = notes;
        this.mostSlots = mostSlots;
    }

    /** Notes where the topic ends now. The cluster has, or gets before this returns, all records that were sent. */
    void begin(Change marker, TableKeys keys, Session session) throws Exception {
        if (keys.obstacle() != null) {
            warn(keys, keys.obstacle());
            return;
        }
        session.await();
        TopicEnd end = TopicEnd.of(cluster, keys.topic());
        ReconcileNote note =
                new ReconcileNote(keys.table(), keys.topic(), end.id(), end.offsets(), marker.position(), false);
        notes.put(isRefusedSince(note) ? note.asRefused() : note);
        LOG.info("sink {}: reconciles topic {} with {}", sink, keys.topic(), keys.table());
    }

    /**
     * Sends a tombstone for each key without a record since the beginning.
     *
     * @param settle makes all records that were sent visible to readers of committed records
     * @param sender sends a tombstone; it may settle
     */
    void end(Change marker, TableKeys keys, Runnable settle, Consumer<Outgoing> sender) throws Exception {
        ReconcileNote note = notes.find(keys.table());
        if (note == null || marker.position().compareTo(note.begunAt()) < 0) {
            LOG.info("sink {}: no reconciliation of {} has begun; its end does nothing", sink, keys.table());
            return;
        }
        settle.run();
        TopicEnd end = TopicEnd.of(cluster, keys.topic());
        String obstacle = obstacle(keys, note, end);
        if (obstacle == null) {
            long[] sent = {0};
            TopicSweep sweep = new TopicSweep(keys, note.from(), end.offsets(), new KeyStates(mostSlots));
            try (PartitionReader reader = new PartitionReader(cluster, IsolationLevel.READ_COMMITTED)) {
                sweep.run(reader, (key, partition) -> {
                    sender.accept(keys.tombstone(marker, key, partition));
                    sent[0]++;
                });
            }
            settle.run(); // without transactions, the note must not be removed before the tombstones are there
            LOG.info("sink {}: reconciled topic {} with {}; tombstones: {}", sink, keys.topic(), keys.table(), sent[0]);
        } else {
            warn(keys, obstacle);
        }
        notes.remove(keys.table());
    }

    private @Nullable String obstacle(TableKeys keys, ReconcileNote note, TopicEnd end) {
        if (keys.obstacle() != null) {
            return keys.obstacle();
        }
        if (!note.topic().equals(keys.topic()) || !note.topicId().equals(end.id())) {
            return "since the beginning the table got another topic, or its topic was made again; order it again";
        }
        return note.refused() || isRefusedSince(note)
                ? "a change of the table was refused meanwhile, so it is not known whether its row exists; order it again"
                : null;
    }

    private void warn(TableKeys keys, @Nullable String why) {
        LOG.warn(
                "sink {}: no row of {} is deleted from topic {}, though the snapshot reconciles: {}",
                sink,
                keys.table(),
                keys.topic(),
                why);
    }

    /** Remembers that the topic lacks a change of a table: its row may exist, although its key is not seen. */
    void refused(Change change) {
        Relation relation = change.relation();
        if (relation != null) {
            refused.put(relation.qualifiedName(), change.position());
            refusedIsNoted = false;
        }
    }

    private boolean isRefusedSince(ReconcileNote note) {
        Position last = refused.get(note.table());
        return last != null && last.compareTo(note.begunAt()) > 0;
    }

    /** Returns true if the next commit must come although no record waits for it. */
    boolean isUnsaved() {
        return notes.isUnsaved() || !refusedIsNoted;
    }

    /** Sends the notes that the next commit makes durable. */
    void save(Session session) {
        if (!refusedIsNoted) {
            for (String table : refused.keySet()) {
                ReconcileNote note = notes.find(table);
                if (note != null && !note.refused() && isRefusedSince(note)) {
                    notes.put(note.asRefused());
                }
            }
            refusedIsNoted = true;
        }
        notes.save(session);
    }

    /** Handles the end of a session. */
    void forget() {
        notes.forget();
        refusedIsNoted = refused.isEmpty();
    }
}
