package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.LedgerOffsets;
import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.connect.offset.StreamOffset;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.Custody;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.queue.GapLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.LedgerFiles;
import io.pgcdc.queue.QueueHome;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.memory.MemoryCheckpoint;
import io.pgcdc.queue.memory.MemoryLayouts;
import io.pgcdc.queue.memory.MemorySegments;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue in memory, whose positions and ledgers Kafka Connect keeps. For one run of a pipeline. */
final class ConnectHome implements QueueHome, QueueStorage {

    private final SourceState state;
    private final Outbox outbox;

    ConnectHome(SourceState state, Outbox outbox) {
        this.state = state;
        this.outbox = outbox;
    }

    // ---- home

    @Override
    public @Nullable QueueIdentity identity() {
        return state.identity();
    }

    @Override
    public QueueIdentity bind(QueueIdentity source) {
        QueueIdentity known = state.identity();
        if (known == null) {
            state.identity(source);
            return source;
        }
        if (!known.sameSource(source)) {
            throw new QueueException(
                    ErrorCode.QUEUE_OTHER_SOURCE,
                    "the connector's offsets are of " + known.describe() + ", but the source is now "
                            + source.describe()
                            + ". Point source.url and source.slot at the source of these offsets. To begin with this source, stop the"
                            + " connector and delete its offsets: DELETE /connectors/NAME/offsets.");
        }
        return known;
    }

    @Override
    public void changeTimeline(int timeline) {
        QueueIdentity known = state.identity();
        if (known == null) {
            throw new IllegalStateException("the source is not known yet");
        }
        state.identity(known.withTimeline(timeline));
    }

    @Override
    public LedgerFile ledger() {
        return new Ledger(SourceState.INITIAL);
    }

    @Override
    public LedgerFiles orderedSnapshots() {
        return new LedgerFiles() {
            @Override
            public List<String> ids() {
                return state.ordered();
            }

            @Override
            public LedgerFile file(String id) {
                return new Ledger(id);
            }

            @Override
            public void delete(String id) {
                state.delete(id);
            }
        };
    }

    private final class Ledger implements LedgerFile {

        private final String id;

        Ledger(String id) {
            this.id = id;
        }

        @Override
        public @Nullable String read() {
            return state.ledger(id);
        }

        @Override
        public void write(String text) {
            state.ledger(id, text);
        }

        @Override
        public long maxKeyBytes() {
            return LedgerOffsets.MAX_KEY_BYTES;
        }

        @Override
        public String toString() {
            return "the connector's offset of snapshot " + id;
        }
    }

    @Override
    public QueueStorage storage() {
        return this;
    }

    @Override
    public void close() {
        // Kafka Connect keeps what there is
    }

    // ---- storage

    @Override
    public Checkpoint<CaptureCheckpoint> captureCheckpoint() {
        return new MemoryCheckpoint<>(capture(state.stream()), this::begun);
    }

    private static @Nullable CaptureCheckpoint capture(@Nullable StreamOffset from) {
        if (from == null) {
            return null;
        }
        Position at = from.position();
        long acknowledged = from.acknowledged();
        if (at == null) {
            return new CaptureCheckpoint(SegmentStore.NONE, from.epoch(), Lsn.INVALID, Lsn.INVALID, acknowledged);
        }
        // the transaction at a position inside it, or at a message's own LSN, is still to come
        boolean isToCome = from.isInTransaction() || at.ordinal() < 0;
        long commitLsn = isToCome ? at.commitLsn() - 1 : at.commitLsn();
        return new CaptureCheckpoint(SegmentStore.NONE, from.epoch(), commitLsn, acknowledged, acknowledged);
    }

    /** Notes where a new slot begins. Later checkpoints of capture are in memory only: the sink's say how far the stream is. */
    private void begun(CaptureCheckpoint checkpoint) {
        if (state.stream() == null) {
            state.stream(new StreamOffset(checkpoint.epoch(), null, checkpoint.acknowledgedLsn()));
            outbox.beginsAt(checkpoint.acknowledgedLsn());
        }
    }

    @Override
    public Checkpoint<SinkCheckpoint> sinkCheckpoint(String sink) {
        return new MemoryCheckpoint<>(sink(state.stream()), outbox::delivered);
    }

    private static @Nullable SinkCheckpoint sink(@Nullable StreamOffset from) {
        Position at = from == null ? null : from.position();
        if (from == null || at == null) {
            return null;
        }
        Position whole = from.isInTransaction() ? new Position(at.epoch(), at.commitLsn() - 1, Long.MAX_VALUE) : at;
        return new SinkCheckpoint(SegmentStore.NONE, whole, from.acknowledged());
    }

    @Override
    public SegmentStore segments(long fileBytes, long durableThrough) {
        MemorySegments segments = new MemorySegments();
        outbox.begin(segments::lastReadBytes, segments::storedBytes);
        return segments;
    }

    @Override
    public Layouts relations() {
        return Layouts.open(new MemoryLayouts());
    }

    @Override
    public GapLog gaps() {
        return new GapLog() {
            @Override
            public void add(Instant when, long fromLsn, long toLsn, int epoch, int timeline, String reason) {
                throw new IllegalStateException("a connector accepts no gap");
            }

            @Override
            public List<String> lines() {
                return List.of();
            }
        };
    }

    @Override
    public ConfirmLog confirms() {
        return new ConfirmLog() {
            @Override
            public void add(Instant when, ConfirmPolicy now, long flushLsn, String why) {
                throw new IllegalStateException("a connector confirms what Kafka has");
            }

            @Override
            public @Nullable ConfirmPolicy last() {
                return null;
            }

            @Override
            public List<String> lines() {
                return List.of();
            }
        };
    }

    @Override
    public DeadLetterLog deadLetters(String sink) {
        throw new IllegalStateException("Kafka Connect handles errors of records");
    }

    @Override
    public Custody custody() {
        return outbox;
    }

    @Override
    public long freeBytes() {
        return Long.MAX_VALUE;
    }
}
