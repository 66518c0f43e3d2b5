package io.pgcdc.life;

import io.pgcdc.error.CdcException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests of other threads to the thread of a loop. The loop takes them between its turns, in order, so that the threads share no
 * other state. Any thread may post; the loop's thread takes.
 *
 * @param <R> type of the requests
 */
public final class Inbox<R> {

    private record Entry<R>(R request, CompletableFuture<Void> done) {}

    /** Entries are added under this object's monitor, so that none is added after {@link #close}. */
    private final Queue<Entry<R>> entries = new ConcurrentLinkedQueue<>();

    /** The reason for the close, or null while it is open. Guarded by this object's monitor. */
    private @Nullable String closed;

    /** Executes requests. */
    public interface Taker<R, X extends Exception> {

        /**
         * Executes a request.
         *
         * @return false if that is not possible at this moment: the next {@link Inbox#take} brings the request again, before all later ones
         * @throws Refusal the request fails, and the loop continues
         * @throws X the loop ends
         */
        boolean take(R request) throws Refusal, X;
    }

    /** Refuses a request. The loop continues as if the request had not come. */
    public static final class Refusal extends Exception {

        private static final long serialVersionUID = 1;

        private final CdcException why;

        public Refusal(CdcException why) {
            super(why);
            this.why = why;
        }
    }

    /**
     * Adds a request.
     *
     * @return a future that the loop's thread completes when the request is done. It fails with a {@link CdcException} if the request is
     *     refused, and with an {@link IllegalStateException} if the loop ends first
     * @throws IllegalStateException the loop has ended
     */
    public synchronized CompletableFuture<Void> post(R request) {
        if (closed != null) {
            throw new IllegalStateException(closed);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        entries.add(new Entry<>(request, done));
        return done;
    }

    /** Returns true if no request waits. Any thread. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Hands over the waiting requests, up to the first that is not possible at this moment. */
    public <X extends Exception> void take(Taker<R, X> taker) throws X {
        for (Entry<R> entry = entries.peek(); entry != null; entry = entries.peek()) {
            try {
                if (!taker.take(entry.request)) {
                    return;
                }
                entries.poll();
                entry.done.complete(null);
            } catch (Refusal refusal) {
                entries.poll();
                entry.done.completeExceptionally(refusal.why);
            }
        }
    }

    /**
     * Accepts no more requests, and fails those that wait. The reason of the first call counts.
     *
     * @param why for the message
     */
    public void close(String why) {
        String said;
        synchronized (this) {
            said = closed == null ? why : closed;
            closed = said;
        }
        for (Entry<R> entry = entries.poll(); entry != null; entry = entries.poll()) {
            entry.done.completeExceptionally(new IllegalStateException(said));
        }
    }
}
