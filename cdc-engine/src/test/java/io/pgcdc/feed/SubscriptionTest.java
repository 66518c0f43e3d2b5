package io.pgcdc.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.CaptureFixture;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.Position;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.view.OriginFilter;
import io.pgcdc.view.RouteConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a subscriber gets, wherever it begins and ends. On a real queue. */
class SubscriptionTest {

    /** Three such rows fill a segment. */
    private static final String WIDE = "w".repeat(1_200);

    /** A hundred and some fill a file. */
    private static final String HUGE = "h".repeat(9_000);

    private static final int TRIALS = 200;

    @TempDir
    Path directory;

    private CaptureFixture capture;
    private Subscriptions subscriptions;

    @BeforeEach
    void open() {
        capture = new CaptureFixture(directory);
        subscriptions = new Subscriptions(capture.store, capture.relations, capture.progress, 0);
    }

    @AfterEach
    void close() {
        subscriptions.close();
        capture.close();
    }

    private Subscription subscribe(FeedPlace place) throws InterruptedException {
        return subscriptions.subscribe("live", RouteConfig.EVERYTHING, List.of(), place);
    }

    private static FeedPlace after(Position position) {
        return new FeedPlace(FeedPlace.Kind.AFTER, position);
    }

    private static List<String> readAll(Subscription subscription) throws InterruptedException {
        List<String> read = new ArrayList<>();
        while (subscription.read(change -> read.add(CaptureFixture.text(change)))) {
            assertNotNull(subscription.position());
        }
        return read;
    }

    /** Stores transactions of all sizes: many in a segment, and one in many segments. */
    private void store(Random random) throws InterruptedException {
        for (int commit = 100; commit < 3_000; commit += 100) {
            capture.begin(commit);
            if (commit == 100) {
                capture.relation("id");
            }
            int rows = random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(3);
            for (int row = 0; row < rows; row++) {
                capture.insert(random.nextBoolean() ? WIDE : commit + "-" + row);
            }
            capture.commit(commit);
        }
        capture.settle();
    }

    @Test
    void aSubscriberThatComesAgainMissesNothingAndGetsNothingTwice() throws Exception {
        store(new Random(7));
        List<String> all = capture.changes();
        for (long seed = 0; seed < TRIALS; seed++) {
            Random random = new Random(seed);
            List<String> got = new ArrayList<>();
            FeedPlace place = FeedPlace.BEGINNING;
            boolean more = true;
            while (more) {
                int until = got.size() + random.nextInt(30);
                try (Subscription subscription = subscribe(place)) {
                    do {
                        more = subscription.read(change ->
                                got.size() < until && random.nextInt(10) > 0 && got.add(CaptureFixture.text(change)));
                    } while (more && got.size() < until);
                    Position reached = subscription.position();
                    place = reached == null ? place : after(reached);
                }
            }
            assertEquals(all, got, "seed " + seed);
        }
    }

    @Test
    void eachPositionContinuesWithTheNextChange() throws Exception {
        store(new Random(8));
        List<String> all = capture.changes();
        List<Position> positions = new ArrayList<>();
        try (Subscription subscription = subscribe(FeedPlace.BEGINNING)) {
            boolean read = true;
            while (read) {
                read = subscription.read(change -> positions.add(change.position()));
            }
        }
        assertEquals(all.size(), positions.size());
        for (int i = 0; i < positions.size(); i++) {
            try (Subscription subscription = subscribe(after(positions.get(i)))) {
                assertEquals(
                        all.subList(i + 1, all.size()),
                        readAll(subscription),
                        positions.get(i).toString());
            }
        }
    }

    @Test
    void nowBeginsWithTheNextTransaction() throws Exception {
        capture.begin(100).relation("id").insert("before").commit(100).settle();
        try (Subscription subscription = subscribe(FeedPlace.NOW)) {
            assertEquals(new Position(0, 100, 0), subscription.position(), "a client that comes again begins there");
            assertFalse(subscription.hasMore());
            assertEquals(List.of(), readAll(subscription));
            capture.transaction(200, "after").settle();
            assertTrue(subscription.hasMore());
            assertEquals(List.of("200:0 INSERT id=after"), readAll(subscription));
            capture.transaction(300, "not on disk");
            assertFalse(subscription.hasMore());
        }
    }

    /** Its position must move on: otherwise the queue would one day no longer hold it. */
    @Test
    void aSegmentWithNothingForTheSubscriberIsPassed() throws Exception {
        RouteConfig nothing = new RouteConfig(
                List.of(),
                List.of(),
                List.of(io.pgcdc.model.TablePattern.parse("shop.users")),
                OriginFilter.ANY,
                List.of(),
                List.of(),
                null,
                null);
        capture.begin(100).relation("id").insert("a").insert("b").commit(100).settle();
        try (Subscription subscription = subscriptions.subscribe("live", nothing, List.of(), FeedPlace.BEGINNING)) {
            assertEquals(List.of(), readAll(subscription));
            assertEquals(new Position(0, 100, 1), subscription.position());
        }
    }

    @Test
    void aSubscriberSeesNoMoreThanItsRouteShows() throws Exception {
        RouteConfig route = new RouteConfig(
                List.of(),
                List.of(),
                List.of(),
                OriginFilter.ANY,
                List.of(ColumnName.parse("shop.users.secret")),
                List.of(),
                null,
                null);
        capture.begin(100).relation("id", "secret").insert("1", "s").commit(100).settle();
        try (Subscription subscription = subscriptions.subscribe("live", route, List.of(), FeedPlace.BEGINNING)) {
            assertEquals(List.of("100:0 INSERT id=1"), readAll(subscription));
        }
    }

    private void releaseFirstFile() throws InterruptedException {
        capture.begin(100).relation("id").commit(100);
        for (int commit = 200; commit < 30_000; commit += 100) {
            capture.transaction(commit, HUGE).settle();
        }
        long last = capture.store.durableIndex();
        assertTrue(SegmentIndex.file(last) > 1, "one file only");
        capture.store.releaseBefore(last, 0);
    }

    private static void assertGone(CdcException error) {
        assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, error.code(), error.getMessage());
    }

    @Test
    void aPositionThatIsGoneIsRefusedAndTheOldestIsKnown() throws Exception {
        assertNull(subscriptions.oldest());
        releaseFirstFile();
        assertGone(assertThrows(CdcException.class, () -> subscribe(after(new Position(0, 200, 0)))));
        Position oldest = subscriptions.oldest();
        assertNotNull(oldest);
        try (Subscription subscription = subscribe(FeedPlace.BEGINNING)) {
            assertTrue(subscription.read(change -> true));
            assertEquals(oldest, subscription.position());
        }
        try (Subscription subscription = subscribe(after(oldest))) {
            assertTrue(subscription.read(change -> true));
        }
    }

    @Test
    void aSubscriberThatIsTooSlowIsTold() throws Exception {
        capture.begin(100).relation("id").insert("first").commit(100).settle();
        try (Subscription slow = subscribe(FeedPlace.BEGINNING);
                Subscription inside = subscribe(FeedPlace.BEGINNING)) {
            assertTrue(inside.read(change -> false));
            releaseFirstFile();
            assertGone(assertThrows(CdcException.class, () -> readAll(slow)));
            assertGone(assertThrows(CdcException.class, () -> inside.read(change -> true)));
        }
    }

    @Test
    void aPositionOfAnotherQueueIsRefused() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100).settle();
        for (Position other : List.of(new Position(0, 101, 0), new Position(1, 50, 0))) {
            CdcException error = assertThrows(CdcException.class, () -> subscribe(after(other)));
            assertEquals(ErrorCode.FEED_REFUSED, error.code());
        }
    }

    @Test
    void nothingIsReadAfterTheRun() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100).settle();
        try (Subscription subscription = subscribe(FeedPlace.BEGINNING)) {
            subscriptions.close();
            assertFalse(subscription.read(change -> true));
            assertTrue(subscription.isOver());
            assertThrows(IllegalStateException.class, () -> subscribe(FeedPlace.NOW));
        }
    }

    @Test
    void aSubscriptionCanEndWhereTheQueueEndsNow() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100).settle();
        try (Subscription subscription = subscribe(FeedPlace.BEGINNING)) {
            subscription.endHere();
            capture.transaction(200, "later").settle();
            assertEquals(List.of("100:0 INSERT id=a"), readAll(subscription));
            assertFalse(subscription.hasMore());
        }
    }
}
