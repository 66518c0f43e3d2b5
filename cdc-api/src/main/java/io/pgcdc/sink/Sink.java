package io.pgcdc.sink;

import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where changes go. One thread, the sink's own, calls all methods, one after the other; no lock is needed.
 *
 * <p><b>Order.</b> Batches come in position order; the next comes only after {@code write} returned. Transactions are never mixed; one
 * that is too large for a batch comes in several, of which only the last has {@link Batch#endsAtCommit}.
 *
 * <p><b>Durable.</b> When {@code write} or {@code flush} answers {@link Durability#DURABLE}, everything up to the end of the last
 * batch must survive a crash of the target. The acknowledgement to the source's server rests on it: a sink that says so too early
 * loses changes, for they are not sent again. {@link Durability#ACCEPTED} promises nothing; {@code flush} is called soon after, under
 * steady load every {@code linger_ms}. The parts of a transaction whose end has not come yet are excepted: no answer makes them durable, and they
 * come again with it.
 *
 * <p><b>Repeats.</b> The same batch comes again, with equal positions and content, after {@code write} threw; and after a crash of
 * pgcdc all batches come again since the last end of a transaction that was recorded as durable, perhaps cut differently. A sink that must not show
 * them twice stores the position with its data and skips what it has; any other writes in a way that bears repeating (the position is a
 * key for it).
 *
 * <p><b>Errors.</b> A {@link io.pgcdc.error.SinkException} whose retry directive is BACKOFF makes the same call come again, after pauses that
 * grow from 0.1 to 30 s, for as long as {@code retry_for_ms} says. With RECONNECT what was accepted and not durable counts as lost: after the
 * pause all batches come again since the last one that was durable, perhaps cut differently. Any other exception means that the sink has failed for good: it
 * is closed, and nothing more is called; {@code on_failure} decides about the others. A {@code write} that throws must leave nothing behind that a
 * repeat would not replace. What a {@link Batch} throws while it is walked must be passed on.
 *
 * <p>A {@link RefusedChangeException} names a single change that the target will never take; with {@code dead_letter} the same batch comes
 * again at once, without it.
 *
 * <p><b>Stopping.</b> {@code flush} is called before {@link #close} in an orderly stop, and not after a failure. {@code close} is called once,
 * whatever happened before, and frees what the sink holds; it makes nothing durable. A call that hangs for more than 10 s at a stop is
 * interrupted.
 */
public interface Sink extends AutoCloseable {

    /**
     * Called before the first {@code write}, and again when it threw; the place to connect and to check the target. A sink need not do
     * either here.
     *
     * @return the last position that the target has durably, where it keeps one and has changes of this source; else null
     */
    default @Nullable Position open(SourceId source) {
        return null;
    }

    /**
     * As {@link #open(SourceId)}, of a sink that knows from its queue what it had called durable in earlier runs. One that keeps a position in its target,
     * and finds no trace of itself there, must not begin anew: the target was emptied, or is another one, and what it lacks does not come again. It
     * throws TARGET_EXCHANGED.
     *
     * @param confirmed the last position that the sink called durable; null: none, the sink or the queue is new
     */
    default @Nullable Position open(SourceId source, @Nullable Position confirmed) {
        return open(source);
    }

    Durability write(Batch batch);

    /** Makes all that was accepted durable. Called when no more batches wait, and before {@link #close} in an orderly stop. */
    Durability flush();

    @Override
    void close();
}
