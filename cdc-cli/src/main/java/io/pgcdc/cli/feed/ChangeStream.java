package io.pgcdc.cli.feed;

import io.pgcdc.cli.http.Answer;
import io.pgcdc.error.CdcException;
import io.pgcdc.feed.Subscription;
import io.pgcdc.model.Position;
import io.pgcdc.model.TablePattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a feed's changes to one client, until the client, the run or the queue's content ends. One thread. */
final class ChangeStream implements Answer.Stream {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

    /** A client hears as often at least, so that both sides notice a lost connection. Until then a dead client takes another's place. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Looks for the end of the run as often. */
    private static final long WAIT_MS = 500;

    /** A client that has all is served at most as often: many clients must not wake at each small transaction. */
    private static final long PACE_MS = 20;

    /** How soon a browser connects again. */
    private static final String RECONNECT = "retry: 2000\n\n";

    private final Subscription subscription;
    private final Wanted wanted;
    private final FeedClients.Counts counts;
    private final Encoded piece;
    private long heardNanos = System.nanoTime();
    private @Nullable String told;

    /**
     * What a client asked for.
     *
     * @param events true for server-sent events, false for lines of JSON
     * @param tables only their changes; empty: all
     * @param follow false: the stream ends where the queue ends now
     * @param progress whether lines tell the position even if no change is for the client; events always do
     */
    record Wanted(boolean events, List<TablePattern> tables, boolean follow, boolean progress) {}

    ChangeStream(Subscription subscription, Wanted wanted, FeedClients.Counts counts) {
        this.subscription = subscription;
        this.wanted = wanted;
        this.counts = counts;
        piece = new Encoded(wanted.events(), wanted.tables());
        if (!wanted.follow()) {
            subscription.endHere();
        }
        counts.come();
    }

    @Override
    public void run(Answer.Output to) throws IOException, InterruptedException {
        if (wanted.events()) {
            say(to, RECONNECT);
        }
        if (wanted.follow() && (wanted.events() || wanted.progress())) {
            sayProgress(to); // after a break before the first change, the client must not begin with what is new then
        }
        try {
            while (!subscription.isOver() && send(to)) {
                if (!subscription.hasMore()) {
                    Thread.sleep(PACE_MS);
                    subscription.await(WAIT_MS);
                }
            }
        } catch (CdcException e) {
            LOG.info("a client of the feed cannot be served: {}", e.describe());
            sayProblem(to, e);
        }
    }

    /** Sends what there is now. Returns false if that was all that the client wants. */
    private boolean send(Answer.Output to) throws IOException, InterruptedException {
        piece.awaitRoom();
        boolean read = !piece.waits() && subscription.read(piece::take);
        if (piece.length() > 0) {
            to.write(piece.array(), 0, piece.length());
            counts.sent(piece.changes());
            heardNanos = System.nanoTime();
        } else if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
            sayProgress(to);
        }
        piece.clear();
        if (!read && !piece.waits() && !wanted.follow()) {
            sayProgress(to);
            return false;
        }
        return true;
    }

    /** Tells the position to a client that would begin there after a break. Its tables may be silent for longer than the queue keeps changes. */
    private void sayProgress(Answer.Output to) throws IOException {
        Position reached = subscription.position();
        String now = reached == null ? "beginning" : reached.toString();
        boolean news = !now.equals(told);
        if (wanted.events()) {
            say(to, news ? "id: " + now + "\n\n" : ":\n\n");
        } else {
            say(to, news && wanted.progress() ? "{\"progress\":\"" + now + "\"}\n" : "\n");
        }
        told = now;
    }

    private void sayProblem(Answer.Output to, CdcException error) throws IOException {
        String json = FeedAnswers.problem(error, null).toString();
        say(to, wanted.events() ? "event: problem\ndata: " + json + "\n\n" : "{\"problem\":" + json + "}\n");
    }

    private void say(Answer.Output to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.write(bytes, 0, bytes.length);
        heardNanos = System.nanoTime();
    }

    @Override
    public void close() {
        counts.gone();
        piece.clear();
        subscription.close();
    }
}
