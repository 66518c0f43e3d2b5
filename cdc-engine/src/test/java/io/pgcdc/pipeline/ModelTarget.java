package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.ValueState;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sink.Sink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink's target, which survives the process. Compares each arriving change with the expected one. */
final class ModelTarget {

    /** How the target stores a batch. */
    enum Kind {
        /** Durable when write returns. After a failure half of a batch may be stored, and comes again. */
        AT_ONCE,
        /** Durable once flushed. */
        BUFFERED,
        /** Rows and position are stored in one transaction: no change is stored twice. */
        TRANSACTIONAL
    }

    /** Steps in which a replay is often still under way. */
    private static final int STEPS_OF_REPLAY = 60;

    private final World world;
    private final ModelWal wal;
    private final Kind kind;
    private final String name;

    /** Number of durable changes. */
    private int has;

    /** The position stored with them, if the target is transactional. */
    private @Nullable Position position;

    /** Number of the next expected change. */
    private int cursor;

    /** Number of arrived changes, durable or not. */
    private int arrived;

    /** Number of changes up to the last end of a transaction. Later ones are a part of a transaction. */
    private int whole;

    /** Number of changes that need not come again after a lost connection. */
    private int durable;

    private boolean failed;
    private boolean paused;
    private int rewinds;
    private int retries;
    private int replays;
    private int deathsPaused;
    private int deathsInReplay;

    /** Requests to end a replay that have no answer yet. */
    private int cancels;

    /** The replay that the sink was told of; null: none. */
    private @Nullable ModelReplay replay;

    /** The last checkpoint written. */
    private @Nullable SinkCheckpoint place;

    /** Rewinds without an answer yet. */
    private final List<Position> asked = new ArrayList<>();

    /** The next batches may begin before this place. They leave out the changes up to it. */
    private boolean mayLeaveOut;

    ModelTarget(World world, ModelWal wal, Kind kind, String name) {
        this.world = world;
        this.wal = wal;
        this.kind = kind;
        this.name = name;
    }

    String name() {
        return name;
    }

    int has() {
        return has;
    }

    /** Returns true if the sink failed permanently in this run. */
    boolean hasFailed() {
        return failed;
    }

    /** Notes the start of a new process. It must deliver exactly from its checkpoint on. */
    Sink connect(@Nullable SinkCheckpoint checkpoint) {
        place = checkpoint;
        replay = null;
        standAt(checkpoint == null ? 0 : wal.countUpTo(checkpoint.position()));
        asked.clear();
        cancels = 0;
        failed = false;
        paused = false;
        return new ModelSink();
    }

    /** Notes that the failed sink was made anew in the same process. It must deliver exactly from its checkpoint on. */
    Sink reconnect() {
        if (!failed) {
            throw world.violated(name + " was made anew, and had not failed");
        }
        failed = false;
        retries++;
        SinkCheckpoint at = place;
        replay = null;
        standAt(at == null ? 0 : wal.countUpTo(at.position()));
        return new ModelSink();
    }

    /** Returns the number of times that the sink was started again after it had failed. */
    int retries() {
        return retries;
    }

    private void standAt(int count) {
        cursor = count;
        arrived = count;
        whole = count;
        durable = count;
        SinkCheckpoint at = place == null ? null : place.home();
        boolean inside = count > 0 && !wal.expected().get(count - 1).last();
        mayLeaveOut = at != null && (inside || wal.countOfWalUpTo(at.endLsn()) != wal.countOfWalIn(count));
    }

    /** Returns the number of the next expected position. */
    int given() {
        return cursor;
    }

    void paused(boolean now) {
        paused = now;
    }

    void rewindAsked(Position to) {
        asked.add(to);
    }

    /**
     * Notes the answer to a rewind. If it was done, all changes after the position must come again. {@code forced} is the checkpoint after
     * a power failure; null: the rewind was refused.
     */
    void rewindAnswered(Position to, @Nullable SinkCheckpoint forced) {
        asked.remove(to);
        if (forced != null) {
            if (!forced.equals(place) || !forced.position().equals(to) || wal.countUpTo(to) > durable) {
                throw world.violated(name + " was rewound to " + to + ", and its checkpoint on disk is " + forced);
            }
            rewinds++;
            standAt(wal.countUpTo(to));
        }
    }

    /** Returns the number of rewinds done. */
    int rewinds() {
        return rewinds;
    }

    /** Returns the number of processes that died while the sink was paused. */
    int deathsPaused() {
        return deathsPaused;
    }

    /** Returns the number of processes that died while the sink got a replay, which the next one had to continue. */
    int deathsInReplay() {
        return deathsInReplay;
    }

    /** Returns the number of replays that came to their end. */
    int replays() {
        return replays;
    }

    void cancelAsked() {
        cancels++;
    }

    void cancelAnswered() {
        cancels--;
    }

    /** Checks a checkpoint that begins, continues or ends a replay. Returns false if it does none of that. */
    private boolean checkpointedReplay(SinkCheckpoint checkpoint, @Nullable SinkCheckpoint before) {
        ReplayState now = checkpoint.replay();
        ReplayState then = before == null ? null : before.replay();
        if (now == null && then == null) {
            return false;
        }
        boolean right;
        if (now == null) {
            right = checkpoint.equals(then.home());
        } else if (then == null) {
            right = now.home().equals(before) && wal.countUpTo(now.until()) <= durable;
        } else {
            right = now.equals(then) && wal.countUpTo(checkpoint.position()) <= durable;
        }
        if (!right) {
            throw world.violated(name + " was checkpointed at " + checkpoint + " after " + before + ", and has "
                    + durable + " changes of the replay");
        }
        return true;
    }

    /** Checks invariant 3: a checkpoint is at the end of a transaction or at a rewind's place, and the target has everything before it. */
    void checkpointed(SinkCheckpoint checkpoint) {
        SinkCheckpoint before = place;
        place = checkpoint;
        if (checkpointedReplay(checkpoint, before)) {
            return;
        }
        int count = wal.countUpTo(checkpoint.position());
        int ofWal = wal.countOfWalUpTo(checkpoint.endLsn());
        if (asked.contains(checkpoint.position()) && ofWal <= count && ofWal <= has) {
            return;
        }
        if (count > has) {
            throw world.violated(name + ", " + kind + ", has " + has + " changes, and " + count + " were checkpointed: "
                    + checkpoint);
        }
        ModelWal.@Nullable Expected last = count == 0 ? null : wal.expected().get(count - 1);
        if (last == null
                || !last.last()
                || !last.position().equals(checkpoint.position())
                || ofWal > wal.countOfWalIn(count)
                // after a rewind the end of the last commit may be unknown until the next one
                || (!last.position().isRead() && ofWal < count)) {
            throw world.violated(name + " was checkpointed at " + checkpoint.position() + " with end "
                    + checkpoint.endLsn() + ", where no transaction ends");
        }
    }

    /** Notes the death of the process. Some of its last changes may have arrived. */
    void processDied() {
        deathsPaused += paused ? 1 : 0;
        deathsInReplay += replay == null ? 0 : 1;
        if (kind != Kind.TRANSACTIONAL && arrived > has) {
            has += world.chance.nextInt(arrived - has + 1);
        }
    }

    private final class ModelSink implements Sink {

        @Override
        public Durability write(Batch batch) {
            if (world.once(4)) {
                world.others();
            }
            world.tick();
            requireRunning();
            int from = cursor;
            ModelReplay current = replay;
            if (current != null) {
                return replayed(current, batch);
            }
            batch.forEach(this::take);
            boolean leavesOut = mayLeaveOut && cursor - from < batch.count();
            if (!leavesOut || cursor > from) {
                check(batch, leavesOut ? cursor - batch.count() : from);
            }
            arrived = cursor;
            world.tick();
            mayFail(from);
            mayLoseConnection(batch.endsAtCommit());
            mayLeaveOut = leavesOut;
            if (batch.endsAtCommit()) {
                whole = cursor;
            }
            if (kind != Kind.AT_ONCE && !world.once(kind == Kind.BUFFERED ? 10 : 2)) {
                return Durability.ACCEPTED;
            }
            return commit(batch.endsAtCommit());
        }

        /** Takes a batch of a replay. The target has its changes already. */
        private Durability replayed(ModelReplay current, Batch batch) {
            int from = cursor;
            cursor = current.take(batch, cursor);
            world.tick();
            mayFail(from);
            mayLoseConnection(batch.endsAtCommit());
            if (batch.endsAtCommit()) {
                whole = cursor;
            }
            if (kind != Kind.AT_ONCE && !world.once(2)) {
                return Durability.ACCEPTED;
            }
            if (batch.endsAtCommit()) {
                durable = cursor;
            }
            return Durability.DURABLE;
        }

        @Override
        public @Nullable ReplayTerms replayTerms() {
            return kind == Kind.TRANSACTIONAL ? new ReplayTerms("It has them.", null, false, false, position) : null;
        }

        @Override
        public void replaying(boolean on) {
            world.tick();
            SinkCheckpoint at = place;
            ReplayState state = at == null ? null : at.replay();
            if (state == null) {
                throw world.violated(name + " was told of a replay that is not recorded");
            }
            if (on) {
                replay = new ModelReplay(world, wal, name, state);
                standAt(wal.countUpTo(at.position()));
                if (world.once(2)) {
                    world.hasten(STEPS_OF_REPLAY);
                }
                return;
            }
            ModelReplay current = replay;
            if (current != null && cancels == 0) {
                current.requireDone(cursor);
                replays++;
            }
            replay = null;
            standAt(wal.countUpTo(state.home().position()));
        }

        private void requireRunning() {
            if (paused) {
                throw world.violated(name + " was called, and is paused");
            }
        }

        private void take(Change change) {
            List<ModelWal.Expected> all = wal.expected();
            String came = change.position() + " " + text(change);
            String must = cursor < all.size()
                    ? all.get(cursor).position() + " " + all.get(cursor).text()
                    : "nothing";
            if (!came.equals(must)) {
                throw world.violated(
                        name + ", " + kind + ", got " + brief(came) + " where " + brief(must) + " must come");
            }
            cursor++;
        }

        private static String brief(String text) {
            return text.length() <= 60 ? text : text.substring(0, 60) + "…";
        }

        private void check(Batch batch, int from) {
            ModelWal.Expected last = wal.expected().get(cursor - 1);
            if (batch.count() != cursor - from
                    || !batch.lastPosition().equals(last.position())
                    || batch.endsAtCommit() != last.last()) {
                throw world.violated(name + " got a batch of " + batch.count() + " up to " + batch.lastPosition()
                        + " that brought " + (cursor - from) + " up to " + last.position());
            }
        }

        private void mayFail(int from) {
            if (world.mishap(25)) {
                if (kind == Kind.AT_ONCE) {
                    has = Math.max(has, from + world.chance.nextInt(cursor - from + 1));
                }
                cursor = from;
                throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "the target is busy. Wait.");
            }
            if (world.mishap(150)) {
                failed = true;
                throw new SinkException(ErrorCode.SINK_CLOSED, "the target is gone. Look for it.");
            }
        }

        /**
         * Notes a lost connection. The accepted changes, or only the answer of a commit, may be lost. Everything after the last durable
         * change comes again.
         */
        private void mayLoseConnection(boolean atCommit) {
            if (kind == Kind.AT_ONCE || !world.mishap(40)) {
                return;
            }
            if (replay != null) {
                lost();
            }
            if (kind == Kind.BUFFERED) {
                has = Math.max(has, has + world.chance.nextInt(Math.max(1, cursor - has + 1)));
            } else if (atCommit && world.once(2)) {
                whole = cursor;
                commitWhole();
            }
            lost();
        }

        private void lost() {
            standAt(durable);
            throw new SinkException(ErrorCode.TARGET_LOST, "the target's connection is lost. Wait.");
        }

        private Durability commit(boolean atCommit) {
            if (kind == Kind.TRANSACTIONAL) {
                if (!atCommit) {
                    return Durability.ACCEPTED;
                }
                commitWhole();
            }
            has = Math.max(has, cursor);
            world.tick();
            if (atCommit) {
                durable = cursor;
            }
            return Durability.DURABLE;
        }

        private void commitWhole() {
            skipWhatIsThere();
            has = Math.max(has, whole);
        }

        /** Skips changes up to the stored position, as a database does that compares positions. All changes after it must be new. */
        private void skipWhatIsThere() {
            Position stored = position;
            int fresh = 0;
            for (int i = Math.max(0, has - 3); i < whole; i++) {
                if (stored == null || wal.expected().get(i).position().compareTo(stored) > 0) {
                    fresh++;
                }
            }
            if (fresh != Math.max(0, whole - has)) {
                throw world.violated(name + " has " + has + " changes up to " + stored + ", and took " + fresh + " of "
                        + whole + " for new ones");
            }
            if (fresh > 0) {
                position = wal.expected().get(whole - 1).position();
            }
        }

        @Override
        public Durability flush() {
            requireRunning();
            world.tick();
            if (world.mishap(40)) {
                throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "the target is busy. Wait.");
            }
            if (kind != Kind.AT_ONCE && world.mishap(40)) {
                lost();
            }
            if (kind == Kind.BUFFERED) {
                has = Math.max(has, cursor);
            } else if (kind == Kind.TRANSACTIONAL) {
                commitWhole();
            }
            durable = whole;
            world.tick();
            return Durability.DURABLE;
        }

        @Override
        public boolean reconciles() {
            return true;
        }

        @Override
        public void close() {
            world.tick();
        }
    }

    /** Returns the change as {@link ModelWal} expects it. */
    static String text(Change change) {
        StringBuilder text = new StringBuilder(change.kind().name());
        Relation relation = change.relation();
        MessageView message = change.message();
        if (relation != null) {
            text.append(' ').append(relation.name());
            RowChange row = change.row();
            append(text, relation, row == null ? null : row.oldRow());
            append(text, relation, row == null ? null : row.newRow());
            if (change.kind() == ChangeKind.RECONCILE) {
                text.append(change.snapshot() == SnapshotPlace.FIRST_OF_TABLE ? " begins" : " ends");
            }
        } else if (message != null) {
            text.append(' ').append(message.prefix()).append(' ');
            text.append(new String(message.buffer(), message.offset(), message.length(), StandardCharsets.UTF_8));
        }
        return change.origin() == null
                ? text.toString()
                : text.append(" from ").append(change.origin()).toString();
    }

    private static void append(StringBuilder text, Relation relation, @Nullable RowView row) {
        for (int i = 0; row != null && i < relation.columns().size(); i++) {
            if (row.state(i) == ValueState.TEXT) {
                text.append(' ')
                        .append(relation.columns().get(i).name())
                        .append('=')
                        .append(row.text(i));
            }
        }
    }
}
