package io.pgcdc.connect.offset;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Position;
import io.pgcdc.queue.QueueIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka Connect keeps of one source: which server it is of, how far the stream is, and the ledgers of snapshots. Begins with what Kafka
 * Connect has; what changes is taken out as offsets, to go with the next records. This object's monitor guards all fields.
 */
public final class SourceState {

    /** The id of the snapshot that a pipeline begins with. */
    public static final String INITIAL = "initial";

    /** Snapshots that may wait: one offset names them. */
    static final int MAX_ORDERED = 10_000;

    private static final String ORDERED = "ordered";
    private static final String IDS = "ids";
    private static final String LAST = "last";
    private static final String SYSTEM = "system";
    private static final String DATABASE = "database";
    private static final String OID = "database_oid";
    private static final String TIMELINE = "timeline";

    private final String source;
    private final String slot;
    private @Nullable QueueIdentity identity;
    private @Nullable StreamOffset stream;
    private final Map<String, LedgerOffsets> ledgers = new LinkedHashMap<>();

    /** Texts that are not taken out yet, by the id of the snapshot. */
    private final Map<String, String> changed = new LinkedHashMap<>();

    private final Set<String> ordered = new TreeSet<>();
    private boolean identityChanged;
    private @Nullable Position lastOrder;
    private boolean orderedChanged;
    private int generations;

    /** The snapshot whose ledger was written last: the one that is being read. */
    private String current = INITIAL;

    private SourceState(String source, String slot) {
        this.source = source;
        this.slot = slot;
    }

    /** The server of a source that Kafka Connect has no identity of. */
    public interface Server {
        QueueIdentity identify();
    }

    /**
     * Reads what Kafka Connect has.
     *
     * @param server is asked only if no identity is kept: offsets may have been written by a person
     */
    public static SourceState load(String source, String slot, OffsetStorageReader reader, Server server) {
        SourceState state = new SourceState(source, slot);
        Map<String, Object> kept = reader.offset(Partitions.identity(source, slot));
        QueueIdentity identity = kept == null ? server.identify() : identity(kept, slot);
        Map<String, Object> stream = reader.offset(Partitions.stream(identity));
        if (kept == null && stream == null) {
            return state;
        }
        state.identity = identity;
        state.identityChanged = kept == null;
        state.stream = stream == null ? null : StreamOffset.parse(stream);
        state.loadLedgers(reader);
        return state;
    }

    private static QueueIdentity identity(Map<String, Object> kept, String slot) {
        return new QueueIdentity(
                String.valueOf(kept.get(SYSTEM)),
                String.valueOf(kept.get(DATABASE)),
                Integer.parseUnsignedInt(String.valueOf(kept.get(OID))),
                slot,
                ((Number) kept.getOrDefault(TIMELINE, 1)).intValue(),
                Instant.EPOCH);
    }

    private void loadLedgers(OffsetStorageReader reader) {
        Map<String, String> partition = streamPartition();
        Map<String, Object> ids = reader.offset(Partitions.snapshot(partition, ORDERED));
        if (ids != null) {
            if (!String.valueOf(ids.get(IDS)).isEmpty()) {
                ordered.addAll(List.of(String.valueOf(ids.get(IDS)).split(",", -1)));
            }
            lastOrder = ids.get(LAST) instanceof String last ? Position.parse(last) : null;
        }
        List<String> all = new ArrayList<>(ordered);
        all.add(INITIAL);
        for (String id : all) {
            ledgers.put(id, LedgerOffsets.load(partition, id, reader));
        }
    }

    // ---- the server

    public synchronized @Nullable QueueIdentity identity() {
        return identity;
    }

    public synchronized void identity(QueueIdentity of) {
        identity = of;
        identityChanged = true;
    }

    /** Returns the partition of the stream's offset. */
    public synchronized Map<String, String> streamPartition() {
        QueueIdentity of = identity;
        if (of == null) {
            throw new IllegalStateException("the server is not known yet");
        }
        return Partitions.stream(of);
    }

    // ---- the stream

    /** Returns how far records were handed over; null: nowhere yet. */
    public synchronized @Nullable StreamOffset stream() {
        return stream;
    }

    /** Notes how far records are being handed over. */
    public synchronized void stream(StreamOffset at) {
        stream = at;
    }

    // ---- the ledgers

    /** Returns the text of a snapshot's ledger; null: there is none. */
    public synchronized @Nullable String ledger(String id) {
        String text = changed.get(id);
        if (text != null) {
            return text;
        }
        LedgerOffsets kept = ledgers.get(id);
        return kept == null ? null : kept.text();
    }

    /**
     * Sets the text of a snapshot's ledger.
     *
     * @throws SourceException SNAPSHOT_REFUSED: an offset has no room for it; nothing has changed
     */
    public synchronized void ledger(String id, String text) {
        LedgerOffsets.requireRoom(id, text);
        if (!id.equals(INITIAL) && !ordered.contains(id) && ordered.size() >= MAX_ORDERED) {
            throw new SourceException(
                    ErrorCode.SNAPSHOT_REFUSED,
                    MAX_ORDERED + " snapshots of source " + source + " wait already. Order more when they are read.");
        }
        current = id;
        changed.put(id, text);
        orderedChanged |= !id.equals(INITIAL) && ordered.add(id);
    }

    /** Returns the id of the snapshot that is being read, or was. */
    public synchronized String current() {
        return current;
    }

    public synchronized List<String> ordered() {
        return List.copyOf(ordered);
    }

    /** Returns the position of the last message that ordered a snapshot; null: none did. */
    public synchronized @Nullable Position lastOrder() {
        return lastOrder;
    }

    /** Notes that a message was executed. The stream may bring it again, since an offset after it may be committed much later. */
    public synchronized void lastOrder(Position message) {
        lastOrder = message;
        orderedChanged = true;
    }

    public synchronized void delete(String id) {
        changed.remove(id);
        ledgers.remove(id);
        orderedChanged |= ordered.remove(id);
    }

    /** Returns the offset of a table in a snapshot as it was taken out last, for rows before the end of a chunk. */
    public synchronized KeptOffset begun(String id, String table) {
        return ledger(streamPartition(), id).begun(table);
    }

    private LedgerOffsets ledger(Map<String, String> partition, String id) {
        return ledgers.computeIfAbsent(id, snapshot -> LedgerOffsets.begin(partition, snapshot));
    }

    /** Takes out what has changed except the stream. Empty if nothing did. */
    public synchronized List<KeptOffset> takeChanged() {
        if (!identityChanged && !orderedChanged && changed.isEmpty()) {
            return List.of();
        }
        List<KeptOffset> taken = new ArrayList<>();
        Map<String, String> partition = streamPartition();
        changed.forEach((id, text) -> taken.addAll(ledger(partition, id).change(text, newGeneration())));
        changed.clear();
        if (orderedChanged) {
            orderedChanged = false;
            Map<String, Object> offset = new LinkedHashMap<>();
            offset.put(IDS, String.join(",", ordered));
            if (lastOrder != null) {
                offset.put(LAST, lastOrder.toString());
            }
            taken.add(new KeptOffset(Partitions.snapshot(partition, ORDERED), offset));
        }
        QueueIdentity of = identity;
        if (identityChanged && of != null) {
            identityChanged = false;
            Map<String, Object> offset = new LinkedHashMap<>();
            offset.put(SYSTEM, of.systemIdentifier());
            offset.put(DATABASE, of.databaseName());
            offset.put(OID, Integer.toUnsignedString(of.databaseOid()));
            offset.put(TIMELINE, (long) of.timeline());
            taken.add(new KeptOffset(Partitions.identity(source, slot), offset));
        }
        return taken;
    }

    private String newGeneration() {
        return Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX) + "." + ++generations;
    }
}
