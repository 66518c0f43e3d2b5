package io.pgcdc.pipeline;

import io.pgcdc.capture.CaptureRequest;
import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.delivery.SinkRequest;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Inbox;
import io.pgcdc.model.Position;
import io.pgcdc.model.TablePattern;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.snapshot.SnapshotStatus;
import io.pgcdc.snapshot.Snapshots;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A person who steers the pipeline: pauses, resumes, retries and rewinds sinks, has changes replayed, and pauses capture. In the end resumes everything. */
final class ModelOperator implements World.Actor {

    /** Why a rewind may fail. */
    private static final Set<ErrorCode> REFUSALS = Set.of(
            ErrorCode.QUEUE_SEGMENT_RELEASED,
            ErrorCode.REWIND_REFUSED,
            ErrorCode.REPLAY_REFUSED,
            ErrorCode.SINK_FAILED);

    private final World world;
    private final ModelWal wal;
    private final ModelServer server;
    private final ModelStorage storage;
    private final Inboxes inboxes;
    private final Snapshots snapshots;
    private final List<ModelTarget> targets;
    private int requestsLeft;
    private boolean resumedAll;

    ModelOperator(
            World world,
            ModelWal wal,
            ModelServer server,
            ModelStorage storage,
            Inboxes inboxes,
            Snapshots snapshots,
            List<ModelTarget> targets) {
        this.world = world;
        this.wal = wal;
        this.server = server;
        this.storage = storage;
        this.inboxes = inboxes;
        this.snapshots = snapshots;
        this.targets = targets;
        requestsLeft = world.chance.nextInt(10);
    }

    @Override
    public void act() {
        if (world.once(12)) {
            targets.stream().filter(ModelTarget::hasFailed).forEach(this::retry);
        }
        if (requestsLeft > 0) {
            if (world.once(12)) {
                requestsLeft--;
                request();
            }
        } else if (!resumedAll) {
            resumedAll = true;
            targets.forEach(target -> pause(target, false));
            pauseCapture(false);
            snapshots.status().forEach(snapshot -> steer(() -> snapshots.pause(snapshot.id(), false)));
        }
    }

    private void request() {
        ModelTarget target = targets.get(world.chance.nextInt(targets.size()));
        switch (world.chance.nextInt(18)) {
            case 0, 1 -> pause(target, true);
            case 2, 3 -> pause(target, false);
            case 4 -> pauseCapture(true);
            case 5 -> pauseCapture(false);
            case 6 -> steer(() -> snapshots.order(new SnapshotRequest(List.of(), null, List.of(), world.once(2))));
            case 7 -> steer(() -> snapshots.pause(oneSnapshot(), true));
            case 8 -> steer(() -> snapshots.pause(oneSnapshot(), false));
            case 9 -> steer(() -> snapshots.cancel(oneSnapshot()));
            case 10, 11 -> retry(target);
            case 12, 13, 14 -> replay(target);
            case 15 -> cancelReplay(target);
            default -> rewind(target);
        }
    }

    private String oneSnapshot() {
        List<SnapshotStatus> all = snapshots.status();
        return all.isEmpty()
                ? "none"
                : all.get(world.chance.nextInt(all.size())).id();
    }

    /** Does something to a snapshot. It may be refused. */
    private void steer(Runnable work) {
        try {
            work.run();
        } catch (SourceException e) {
            if (e.code() != ErrorCode.SNAPSHOT_REFUSED) {
                throw world.violated("a snapshot could not be steered: " + e.describe());
            }
        }
    }

    private void pause(ModelTarget target, boolean pause) {
        post(inboxes.sink(target.name()), pause ? new SinkRequest.Pause() : new SinkRequest.Resume(), failure -> {
            if (failure == null) {
                target.paused(pause);
            }
        });
    }

    /** Asks for a replay, mostly of changes that the target has. */
    private void replay(ModelTarget target) {
        int known = world.once(10)
                ? wal.expected().size()
                : Math.min(target.has(), wal.expected().size());
        if (known == 0) {
            return;
        }
        int back = world.once(2) ? Math.min(known, 30) : known;
        int from = known - 1 - world.chance.nextInt(back);
        ReplayPlace to = world.once(2) ? null : place(from + world.chance.nextInt(known - from));
        List<TablePattern> tables =
                world.once(2) ? List.of() : List.of(TablePattern.parse("public.t" + world.chance.nextInt(3)));
        ReplayRequest request = new ReplayRequest(place(from), to, tables, false);
        post(
                inboxes.sink(target.name()),
                new SinkRequest.Replay(request, !world.once(5), plan -> {}),
                this::requireRefusal);
    }

    private ReplayPlace place(int change) {
        return new ReplayPlace(wal.expected().get(change).position(), null);
    }

    private void cancelReplay(ModelTarget target) {
        target.cancelAsked();
        boolean posted = post(inboxes.sink(target.name()), new SinkRequest.CancelReplay(), failure -> {
            target.cancelAnswered();
            requireRefusal(failure);
        });
        if (!posted) {
            target.cancelAnswered();
        }
    }

    private void requireRefusal(@Nullable Throwable failure) {
        if (failure instanceof CdcException e && !REFUSALS.contains(e.code())) {
            throw world.violated("a request failed with " + e.describe());
        }
    }

    private void retry(ModelTarget target) {
        post(inboxes.sink(target.name()), new SinkRequest.Retry(), failure -> {
            if (failure instanceof CdcException e) {
                throw world.violated("a retry failed with " + e.describe());
            }
        });
    }

    private void pauseCapture(boolean pause) {
        post(inboxes.capture(), pause ? CaptureRequest.PAUSE : CaptureRequest.RESUME, failure -> {
            if (failure == null) {
                server.readingPaused(pause);
            }
        });
    }

    /** Rewinds mostly to a change that the target has, sometimes to one that the target or the queue lacks. */
    private void rewind(ModelTarget target) {
        int known = world.once(6)
                ? wal.expected().size()
                : Math.min(target.has(), wal.expected().size());
        if (known == 0) {
            return;
        }
        int back = world.once(2) ? Math.min(known, 30) : known;
        Position to = world.once(20)
                ? new Position(0, 1, 0)
                : wal.expected().get(known - 1 - world.chance.nextInt(back)).position();
        target.rewindAsked(to);
        boolean posted = post(inboxes.sink(target.name()), new SinkRequest.Rewind(to), failure -> {
            target.rewindAnswered(
                    to, failure == null ? storage.sink(target.name()).forced() : null);
            if (failure instanceof CdcException e && !REFUSALS.contains(e.code())) {
                throw world.violated("a rewind failed with " + e.describe());
            }
        });
        if (!posted) {
            target.rewindAnswered(to, null);
        }
    }

    /** @return false: the loop has ended */
    @SuppressWarnings("FutureReturnValueIgnored") // the world keeps the error that the answer throws
    private static <R> boolean post(Inbox<R> inbox, R request, Consumer<@Nullable Throwable> answer) {
        try {
            inbox.post(request).whenComplete((done, failure) -> answer.accept(failure));
            return true;
        } catch (IllegalStateException ended) {
            return false;
        }
    }
}
