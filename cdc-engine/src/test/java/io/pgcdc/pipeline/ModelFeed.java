package io.pgcdc.pipeline;

import io.pgcdc.feed.FeedPlace;
import io.pgcdc.feed.Subscription;
import io.pgcdc.feed.Subscriptions;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.view.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients of a feed on a simulated queue: whoever begins anew gets the rest of what the queue holds, each change once. */
final class ModelFeed {

    private static final int CLIENTS = 3;

    private final Subscriptions subscriptions;
    private final SplittableRandom chance;

    ModelFeed(SegmentStore store, Layouts layouts, SplittableRandom chance) {
        this.chance = chance;
        QueueProgress.Mark end = new QueueProgress.Mark(store.durableIndex(), 0, 0);
        subscriptions = new Subscriptions(store, layouts, new QueueProgress(end), 0);
    }

    /**
     * Checks what clients get. Returns the number of changes in the queue.
     *
     * @param expected all positions of the history, of which the queue holds the last ones
     */
    int require(List<Position> expected) {
        List<Position> all = read(FeedPlace.BEGINNING, Integer.MAX_VALUE);
        requireSame(all.stream().sorted().distinct().toList(), all);
        List<Position> rows = withoutMessages(all);
        List<Position> expectedRows = withoutMessages(expected);
        requireSame(expectedRows.subList(Math.max(0, expectedRows.size() - rows.size()), expectedRows.size()), rows);
        for (int client = 0; client < CLIENTS && !all.isEmpty(); client++) {
            List<Position> got = new ArrayList<>(read(FeedPlace.BEGINNING, 1 + chance.nextInt(all.size())));
            while (got.size() < all.size()) {
                FeedPlace place = new FeedPlace(FeedPlace.Kind.AFTER, got.get(got.size() - 1));
                got.addAll(read(place, 1 + chance.nextInt(all.size())));
            }
            requireSame(all, got);
        }
        return all.size();
    }

    /** Messages outside transactions stand in the history where they were written, not where they are read. */
    private static List<Position> withoutMessages(List<Position> positions) {
        return positions.stream()
                .filter(position -> position.ordinal() != Position.MESSAGE_ORDINAL)
                .toList();
    }

    private static void requireSame(List<Position> expected, List<Position> got) {
        for (int i = 0; i < Math.max(expected.size(), got.size()); i++) {
            if (i >= expected.size() || i >= got.size() || !expected.get(i).equals(got.get(i))) {
                throw new AssertionError("change " + i + " of " + expected.size() + " differs: expected "
                        + expected.subList(Math.min(i, expected.size()), Math.min(i + 3, expected.size())) + ", got "
                        + got.subList(Math.min(i, got.size()), Math.min(i + 3, got.size())));
            }
        }
    }

    /** Reads until there is nothing more, or until the client has enough. It refuses a change now and then. */
    private List<Position> read(FeedPlace place, int enough) {
        List<Position> got = new ArrayList<>();
        try (Subscription subscription = subscriptions.subscribe("feed", RouteConfig.EVERYTHING, List.of(), place)) {
            boolean more = true;
            while (more && got.size() < enough) {
                more = subscription.read(
                        change -> got.size() < enough && chance.nextInt(8) > 0 && got.add(change.position()));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return got;
    }
}
