package io.pgcdc.pipeline;

import io.pgcdc.model.Position;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.sink.Batch;
import java.util.List;

/** What a sink must get in a replay: the changes in its range, of its tables, each once and in order, in whole transactions. */
final class ModelReplay {

    private final World world;
    private final ModelWal wal;
    private final String sink;
    private final ReplayState state;

    ModelReplay(World world, ModelWal wal, String sink, ReplayState state) {
        this.world = world;
        this.wal = wal;
        this.sink = sink;
        this.state = state;
        Position first = new Position(
                state.after().epoch(), state.after().commitLsn(), state.after().ordinal() + 1);
        if (wal.countUpTo(state.after()) > 0 && isInside(wal.countUpTo(state.after()))) {
            throw world.violated(sink + " gets a replay from within a transaction, at " + first);
        }
    }

    /** Returns true if the change before and the one after are of the same transaction. */
    private boolean isInside(int count) {
        return !wal.expected().get(count - 1).last();
    }

    /** Takes a batch. Returns the number of changes up to its end. */
    int take(Batch batch, int from) {
        int[] cursor = {from};
        batch.forEach(change -> {
            String came = change.position() + " " + ModelTarget.text(change);
            int at = next(cursor[0]);
            String must = at < 0
                    ? "nothing"
                    : wal.expected().get(at).position() + " "
                            + wal.expected().get(at).text();
            if (!came.equals(must)) {
                throw world.violated(sink + " got " + came + " in a replay where " + must + " must come");
            }
            cursor[0] = at + 1;
        });
        int end = wal.countUpTo(batch.lastPosition());
        requireNone(cursor[0], end);
        return Math.max(from, end);
    }

    /** Checks that the replay has brought everything. */
    void requireDone(int cursor) {
        requireNone(cursor, wal.countUpTo(state.until()));
    }

    private void requireNone(int cursor, int end) {
        int left = next(cursor);
        if (left >= 0 && left < end) {
            throw world.violated(sink + " did not get " + wal.expected().get(left) + " in a replay: " + state);
        }
    }

    /** Returns the number of the next change that the replay brings; -1: none. */
    private int next(int from) {
        List<ModelWal.Expected> all = wal.expected();
        int end = wal.countUpTo(state.until());
        for (int i = from; i < end; i++) {
            if (isWanted(all.get(i).text().split(" ", 3))) {
                return i;
            }
        }
        return -1;
    }

    private boolean isWanted(String[] words) {
        boolean reconciles = words[0].equals("RECONCILE");
        boolean ofTable = !words[0].equals("MESSAGE");
        return (state.complete() || !reconciles)
                && (state.tables().isEmpty()
                        || (ofTable && state.tables().stream().anyMatch(table -> table.endsWith("." + words[1]))));
    }
}
