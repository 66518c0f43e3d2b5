package io.pgcdc.life;

import io.pgcdc.error.CdcException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Requests of other threads to the thread of a loop. The loop takes them between its turns, in order, so that the two share no other state.
 * Any thread may post; the loop's thread takes.
 *
 * @param <R> what may be requested
 */
public final class Inbox<R> {

    private record Entry<R>(R request, CompletableFuture<Void> done) {}

    /** Added to under this object's monitor, so that nothing comes after {@link #close}. */
    private final Queue<Entry<R>> entries = new ConcurrentLinkedQueue<>();

    /** Why nothing is taken any more; guarded by this object's monitor. */
    private @Nullable String closed;

    /** Takes a request. */
    public interface Taker<R, X extends Exception> {

        /**
         * Does what is requested.
         *
         * @return false: not at this moment. The request comes again at the next {@link Inbox#take}, before all later ones
         * @throws Refusal the request fails, and nothing else
         * @throws X the loop ends
         */
        boolean take(R request) throws Refusal, X;
    }

    /** A request cannot be met. The loop goes on as if it had not come. */
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
     * @return completed by the loop's thread once the request is met. Fails with a {@link CdcException} if it is refused, with an {@link
     *     IllegalStateException} if the loop ends first
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

    /** Returns whether no request waits. Any thread. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Hands over the requests that wait, up to the first that cannot be met at this moment. */
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
     * Takes no more requests, and fails those that wait. Only the first call counts.
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
