package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.KeptOffset;
import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.connect.offset.StreamOffset;
import io.pgcdc.connect.record.ReadyRecord;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.Custody;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Gives the records of the sink their offsets, and hands them over. Records of whole transactions wait until the sink's checkpoint is written: it
 * tells the end of the last commit. The sink's thread, but for {@link #grant}, {@link #handedOverThrough} and {@link #takeChangedWhenIdle}.
 */
final class Outbox implements Custody {

    /** A record, its headers, a Struct with the source's, and boxed numbers. */
    private static final long BYTES_A_RECORD = 1_024;

    private final SourceState state;
    private final HandOver handOver;
    private final Heartbeats heartbeats;
    private final LongSupplier kept;

    /** Held while ledgers are written for what is handed over: nobody else may take them out in between. */
    private final ReentrantLock ledgersAreWritten = new ReentrantLock();

    private LongConsumer ledgers = index -> {};
    private LongSupplier segmentBytes = () -> 0;
    private volatile LongSupplier unreadBytes = () -> 0;

    /** Where a slot stood that no offset is kept of yet: the server has forgotten what is before it. */
    private long beginning;

    private volatile long handedOverThrough = SegmentStore.NONE;

    /** End of what was handed over, and of what needs no record: the server may forget it once an offset says so. */
    private volatile long wanted;

    /** Records of a transaction in the middle of a batch, and the transaction's last change. */
    record Piece(List<ReadyRecord> records, Position last) {}

    private List<Piece> pieces = List.of();

    /** Records that wait for the sink's checkpoint. */
    private List<ReadyRecord> waiting = List.of();

    private @Nullable String waitingTable;

    /** @param kept returns the LSN that Kafka Connect's offset acknowledges; any thread */
    Outbox(SourceState state, HandOver handOver, Heartbeats heartbeats, LongSupplier kept) {
        this.state = state;
        this.handOver = handOver;
        this.heartbeats = heartbeats;
        this.kept = kept;
    }

    /**
     * Begins a run of the pipeline. Its segments are numbered anew.
     *
     * @param bytes returns the bytes of the segment that was read last
     * @param unread returns the bytes of the segments that were not read yet; any thread
     */
    void begin(LongSupplier bytes, LongSupplier unread) {
        segmentBytes = bytes;
        unreadBytes = unread;
        ledgers = index -> {};
        handedOverThrough = SegmentStore.NONE;
        waiting = List.of();
        waitingTable = null;
        pieces = List.of();
    }

    /** Sets where a slot stands that no offset is kept of yet. */
    void beginsAt(long lsn) {
        beginning = lsn;
    }

    // ---- custody

    @Override
    public long handedOverThrough() {
        return handedOverThrough;
    }

    @Override
    public long grant(long flushLsn) {
        wanted = flushLsn;
        return Lsn.max(beginning, Lsn.min(flushLsn, kept.getAsLong()));
    }

    @Override
    public void beforeHandingOver(LongConsumer told) {
        ledgers = told;
    }

    /** Returns the LSN up to which the server may forget the WAL once an offset says so. Any thread. */
    long wanted() {
        return wanted;
    }

    /** Returns true if changes wait that the sink has not seen yet. Any thread. */
    boolean isMoreToCome() {
        return unreadBytes.getAsLong() > 0;
    }

    // ---- the sink

    /**
     * Executes the message that orders a snapshot, unless it was executed before. That it was is committed together with what it changed.
     *
     * @param at the message's position
     */
    void orderOnce(Position at, Runnable order) {
        Position last = state.lastOrder();
        if (last != null && at.compareTo(last) <= 0) {
            return;
        }
        ledgersAreWritten.lock();
        try {
            order.run();
            state.lastOrder(at);
        } finally {
            ledgersAreWritten.unlock();
        }
    }

    /**
     * Takes records of whole transactions, or of the last part of one.
     *
     * @param earlier transactions that get a parcel of their own, before the records
     * @param table oid of the table whose rows a chunk of a snapshot has; null: they are changes
     */
    void take(List<Piece> earlier, List<ReadyRecord> records, @Nullable String table) {
        pieces = List.copyOf(earlier);
        waiting = records;
        waitingTable = table;
    }

    /** Hands over a part of a transaction or chunk: at least one record. Parameters as for {@link #take}. */
    void handOverPart(List<ReadyRecord> records, @Nullable String table, Position last) {
        StreamOffset before = stream();
        StreamOffset after = table == null ? new StreamOffset(last.epoch(), last, before.acknowledged()) : before;
        KeptOffset offset = table == null ? kept(before) : state.begun(state.current(), table);
        List<SourceRecord> ready = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            boolean lastOne = i == records.size() - 1;
            ready.add(new HandedRecord(records.get(i), lastOne && table == null ? kept(after) : offset));
        }
        put(new Parcel(ready, table == null ? 0 : ready.size(), after, false, bytes(records)), after);
    }

    /** Hands over what waits: the sink's checkpoint is being written. */
    void delivered(SinkCheckpoint checkpoint) {
        List<ReadyRecord> records = waiting;
        String table = waitingTable;
        waiting = List.of();
        waitingTable = null;
        ledgersAreWritten.lock();
        try {
            KeptOffset begun = table == null ? null : state.begun(state.current(), table);
            ledgers.accept(checkpoint.nextIndex() - 1);
            List<KeptOffset> changed = state.takeChanged();
            for (Piece piece : pieces) {
                handOver(piece, changed);
                changed = List.of();
            }
            pieces = List.of();
            StreamOffset before = stream();
            Position last = checkpoint.position();
            StreamOffset after = table != null || last.isRead()
                    ? before
                    : new StreamOffset(last.epoch(), last, Lsn.max(before.acknowledged(), checkpoint.endLsn()));
            List<SourceRecord> all = records(records, begun, before, after, changed);
            int ofLedgers = begun == null ? all.size() - records.size() : all.size();
            put(new Parcel(all, ofLedgers, after, true, bytes(records)), after);
            handedOverThrough = checkpoint.nextIndex() - 1;
        } finally {
            ledgersAreWritten.unlock();
        }
    }

    private void handOver(Piece piece, List<KeptOffset> changed) {
        StreamOffset before = stream();
        Position last = piece.last();
        // the end of the commit is not known here, but it is after the commit's own LSN
        long end = last.ordinal() < 0 ? before.acknowledged() : last.commitLsn() + 1;
        StreamOffset after = new StreamOffset(last.epoch(), last, Lsn.max(before.acknowledged(), end));
        List<SourceRecord> all = records(piece.records(), null, before, after, changed);
        put(new Parcel(all, all.size() - piece.records().size(), after, true, bytes(piece.records())), after);
    }

    private List<SourceRecord> records(
            List<ReadyRecord> records,
            @Nullable KeptOffset begun,
            StreamOffset before,
            StreamOffset after,
            List<KeptOffset> changed) {
        List<SourceRecord> ready = new ArrayList<>(records.size() + changed.size());
        KeptOffset first = kept(before);
        KeptOffset last = kept(after);
        if (begun != null) {
            // all rows of a chunk have one partition: only so does its offset wait for all of them
            first = begun;
            last = changed.stream()
                    .filter(each -> each.partition().equals(begun.partition()))
                    .findFirst()
                    .orElse(begun);
        }
        for (KeptOffset each : changed) {
            if (!each.equals(last) || records.isEmpty()) {
                ready.add(heartbeats.carrying(each));
            }
        }
        for (int i = 0; i < records.size(); i++) {
            ready.add(new HandedRecord(records.get(i), i == records.size() - 1 ? last : first));
        }
        return ready;
    }

    /** Takes out the ledgers that changed. Empty if there are none, or if parcels wait, which must come before them. The task's thread. */
    List<KeptOffset> takeChangedWhenIdle() {
        if (!ledgersAreWritten.tryLock()) {
            return List.of();
        }
        try {
            return handOver.isEmpty() ? state.takeChanged() : List.of();
        } finally {
            ledgersAreWritten.unlock();
        }
    }

    private StreamOffset stream() {
        StreamOffset at = state.stream();
        if (at == null) {
            throw new IllegalStateException("the stream has no beginning");
        }
        return at;
    }

    private KeptOffset kept(StreamOffset at) {
        return new KeptOffset(state.streamPartition(), at.toMap());
    }

    private void put(Parcel parcel, StreamOffset after) {
        try {
            handOver.put(parcel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HandOverEnded(e);
        }
        state.stream(after);
    }

    /** Returns what records take in memory, roughly: that of their values, and a few objects each. */
    private long bytes(List<ReadyRecord> records) {
        return 2 * segmentBytes.getAsLong() + BYTES_A_RECORD * records.size();
    }

    /** Returns the partition of the stream's offset. */
    Map<String, String> partition() {
        return state.streamPartition();
    }
}
