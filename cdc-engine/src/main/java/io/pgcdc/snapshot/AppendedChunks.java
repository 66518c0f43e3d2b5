package io.pgcdc.snapshot;

import io.pgcdc.queue.SegmentStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What chunks in the queue mean for a ledger, once they are durable. In the queue's order. One thread at a time. */
final class AppendedChunks {

    /** What a chunk means, once it is durable. */
    private record Appended(long index, Runnable effect) {}

    private final List<Appended> appended = new ArrayList<>();

    /**
     * Runs the effect once the chunk is durable; at once if nothing was stored, and no earlier chunk waits.
     *
     * @param index of the chunk's last segment; {@link SegmentStore#NONE}: it had no rows, so nothing was stored
     */
    void onceDurable(long index, Runnable effect) {
        if (index != SegmentStore.NONE) {
            appended.add(new Appended(index, effect));
        } else if (appended.isEmpty()) {
            effect.run();
        } else {
            // a later chunk that has no rows says something about earlier ones, too: that they end here
            appended.add(new Appended(appended.get(appended.size() - 1).index(), effect));
        }
    }

    /** Runs the effects of the chunks that are durable up to an index. */
    void durableThrough(long index) {
        for (Iterator<Appended> each = appended.iterator(); each.hasNext(); ) {
            Appended chunk = each.next();
            if (chunk.index() > index) {
                break;
            }
            chunk.effect().run();
            each.remove();
        }
    }

    boolean isEmpty() {
        return appended.isEmpty();
    }

    void clear() {
        appended.clear();
    }
}
