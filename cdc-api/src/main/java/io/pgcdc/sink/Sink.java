package io.pgcdc.sink;

import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * The target of changes. You implement {@link #write}, {@link #flush} and {@link #close}. If the sink keeps its position in its
 * target, you implement {@link #open} too. {@code SinkContract} in cdc-sink-testkit checks this contract.
 *
 * <pre>{@code
 * public Durability write(Batch batch) {
 *     StringBuilder lines = new StringBuilder();
 *     batch.forEach(change -> lines.append(change.position()).append(' ').append(change.kind()).append('\n'));
 *     ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
 *     try {
 *         long at = end;
 *         while (bytes.hasRemaining()) {
 *             at += file.write(bytes, at);
 *         }
 *         end = at; // not earlier: a repeated batch overwrites what failed
 *         return Durability.ACCEPTED;
 *     } catch (IOException e) {
 *         throw new SinkException(ErrorCode.SINK_WRITE_FAILED, path + " cannot be written. Make room on its disk.", e);
 *     }
 * }
 *
 * public Durability flush() {
 *     try {
 *         file.force(false);
 *         return Durability.DURABLE;
 *     } catch (IOException e) {
 *         throw new SinkException(ErrorCode.SINK_WRITE_FAILED, path + " cannot be forced. Check the disk with dmesg.", e);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> One thread at a time calls the sink, and sees what earlier calls wrote: you need no lock. It is the sink's own
 * thread. Only {@link #open(SourceId)}, and {@link #close} after a failed start, are called by the starting thread, before the
 * sink's thread exists.
 *
 * <p><b>Order.</b> {@link #open} comes first, then {@link #write} and {@link #flush} in any order, then {@link #close}. Batches
 * come in position order; the next one only after {@code write} returned. Transactions never interleave. A transaction that is too
 * large for a batch comes in several; only the last has {@link Batch#endsAtCommit}.
 *
 * <p><b>Repeats.</b> After {@code write} threw, the same batch comes again, with equal positions and content. After a crash of
 * pgcdc, or an error with the directive RECONNECT, batches repeat from the last recorded durable position, which is the end of a
 * transaction. They may then be cut differently. When a user rewinds the sink ({@code PipelineControl.rewind}), batches come again from
 * an earlier position, after a {@code flush} and without an error; the first may begin within a transaction. If a sink must not show a
 * change twice, it stores the position with its data and skips what it has. Any other sink must write so that a repeat does no harm: the
 * position can serve as a key.
 *
 * <p><b>Errors.</b> The table tells what an exception from {@code open}, {@code write} or {@code flush} means. {@link
 * io.pgcdc.error.ErrorCode#retry} gives the directive of a code.
 *
 * <table>
 *   <caption>Effect of an exception</caption>
 *   <tr><td>{@link io.pgcdc.error.SinkException}, BACKOFF</td><td>The same call is repeated after a pause. Pauses grow from 0.1 to
 *     30 s. After {@code retry_for_ms} the sink fails permanently; with TARGET_BUSY and
 *     SINK_WRITE_FAILED also after {@code retry_times} failures for one reason ({@code SinkException.reason}).</td></tr>
 *   <tr><td>{@code SinkException}, RECONNECT</td><td>Batches that were accepted but are not durable count as lost. After the pause,
 *     batches repeat from the last durable one. Open a new connection in the next call.</td></tr>
 *   <tr><td>{@code SinkException}, NEVER</td><td>The sink fails permanently: it is closed, and no other method is called. {@code
 *     on_failure} decides about the other sinks. {@code cdc retry} has the provider create another sink.</td></tr>
 *   <tr><td>{@link RefusedChangeException}, of {@code write} only</td><td>The target will never take one change. With {@code
 *     dead_letter} the change goes to a file, and the same batch comes again at once without it. Otherwise like NEVER.</td></tr>
 *   <tr><td>Any other {@code RuntimeException}</td><td>A defect of the sink: like NEVER.</td></tr>
 *   <tr><td>{@code Error}</td><td>The whole program stops.</td></tr>
 * </table>
 *
 * <p>Do not catch what a {@link Batch} throws while you walk it: it is an error of the queue, and concerns all sinks.
 */
public interface Sink extends AutoCloseable {

    /**
     * Connects, and checks the target. A sink may do both later instead.
     *
     * <p>Called before the first {@code write}, and again after it threw. If the queue is new and the slot is not, the starting
     * thread also calls it to learn the sinks' positions, once for each host that it tries. So it may be called while the sink is
     * open, and must then answer again.
     *
     * @return the last position that is durable in the target, if the target keeps one and has changes of this source; else null
     * @throws io.pgcdc.error.SinkException as the class says. On the starting thread, NEVER ends the start; after any other
     *     directive the start continues without an answer
     */
    default @Nullable Position open(SourceId source) {
        return null;
    }

    /**
     * Like {@link #open(SourceId)}, but also gets what the queue knows of the sink's earlier runs. Called by the sink's thread.
     *
     * <p>If {@code confirmed} is not null and the target holds no position of this sink, throw TARGET_EXCHANGED. The target was
     * emptied, or is another one, and the changes that it lacks will not come again. A sink that keeps no position in its target
     * ignores this.
     *
     * @param confirmed the last position that the sink called durable; null if there is none because the sink or the queue is new
     * @return like {@link #open(SourceId)}. The queue decides what comes next, not this answer: skip what you have
     */
    default @Nullable Position open(SourceId source, @Nullable Position confirmed) {
        return open(source);
    }

    /**
     * Checks that the target can be reached and that the login may use it, and changes nothing there. {@code cdc check} calls it instead of
     * {@link #open}, then {@link #close}, and nothing else. It should not block for more than a few seconds.
     *
     * @throws io.pgcdc.error.SinkException what keeps the sink from working
     */
    default void check() {}

    /**
     * Returns true if the sink handles changes of kind RECONCILE: it can delete rows of its target that the source does not have. Other sinks do
     * not get such changes.
     */
    default boolean reconciles() {
        return false;
    }

    /**
     * Returns what a replay means for the target. Called on the sink's thread, after {@code open}, between transactions, with nothing to flush. It may ask
     * the target.
     *
     * <p>A sink that keeps its position in its target must implement this and {@link #replaying}; otherwise a replay is refused, because the sink
     * would skip what it brings. Any other sink may, to explain what happens.
     *
     * @return null: the sink does not say
     * @throws io.pgcdc.error.SinkException the target does not answer, or its tables do not permit a replay
     */
    default @Nullable ReplayTerms replayTerms() {
        return null;
    }

    /**
     * Tells that the next batches are a replay, or that it has ended. Called between transactions, with nothing to flush; after a crash in a replay also
     * after {@code open}. Must not use the target.
     *
     * <p>In a replay, take changes although the target has them, and keep the position that is stored there. A replay may leave out
     * tables. After a crash some of it comes again. Between the two calls batches have whole transactions, in order, as always.
     *
     * @param on true: it begins; false: the next batches continue after the sink's last change
     */
    default void replaying(boolean on) {}

    /**
     * Takes the batch. The batch and its changes are valid until this returns.
     *
     * <p>If this throws, remove what you wrote of the batch, unless the repeat replaces it. The batch may be empty if routing
     * dropped all of it. Its {@link Batch#lastPosition} counts nevertheless.
     *
     * @return {@link Durability#DURABLE} if everything up to the end of this batch survives a crash of the target now; {@link
     *     Durability#ACCEPTED} if a later answer will say so. The server may forget what is durable: a sink that answers DURABLE
     *     too early loses changes. After a batch without {@link Batch#endsAtCommit} both answers mean the same: a part of a
     *     transaction is never recorded, and repeats with the rest
     * @throws RefusedChangeException if the target will never take one of the changes
     * @throws io.pgcdc.error.SinkException as the class says
     */
    Durability write(Batch batch);

    /**
     * Makes all batches durable whose {@code write} returned ACCEPTED.
     *
     * <p>Called when no more batches wait, under steady load every {@code linger_ms}, and before {@link #close} in an orderly stop.
     * Not called if no batch waits to become durable. It may come between the parts of a transaction, and need not cover those
     * parts. At a stop it may follow a {@code write} that threw: then make durable only what a repeat of that batch replaces.
     *
     * @return DURABLE if all whole transactions that were accepted survive a crash of the target now; ACCEPTED if not yet: then it
     *     is called again
     * @throws io.pgcdc.error.SinkException as the class says
     */
    Durability flush();

    /**
     * Frees the sink's resources. Makes nothing durable.
     *
     * <p>Called once in every case: after the last {@code flush} of an orderly stop, after a failure, and without {@code open} if
     * the start failed. If the sink's thread does not end within 10 s of a stop, it is interrupted, in whatever call it is.
     *
     * @throws RuntimeException which ends an orderly stop with an error; after a failure it is only logged
     */
    @Override
    void close();
}
