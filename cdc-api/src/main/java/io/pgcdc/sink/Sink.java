package io.pgcdc.sink;

import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where changes go. You implement {@link #write}, {@link #flush} and {@link #close}; one that keeps its position in its target
 * implements {@link #open} too. {@code SinkContract} in cdc-sink-testkit proves that a sink keeps what is written here.
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
 *         end = at; // not sooner: a batch that comes again is written over what failed
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
 *         throw new SinkException(ErrorCode.SINK_WRITE_FAILED, path + " cannot be forced. Look at its disk.", e);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> One thread calls at a time, and sees what the calls before it wrote: no lock is needed. It is the sink's own
 * thread, but for {@link #open(SourceId)} and {@link #close} of a start that fails, which the starting thread calls before there is
 * another.
 *
 * <p><b>Order.</b> {@link #open} comes first, then {@link #write} and {@link #flush} in turn, then {@link #close}. Batches come in
 * position order; the next one only after {@code write} returned. Transactions are never mixed. One that is too large for a batch comes
 * in several, of which only the last has {@link Batch#endsAtCommit}.
 *
 * <p><b>Repeats.</b> After {@code write} threw, the same batch comes again, with equal positions and content. After a crash of pgcdc,
 * and after an error with the directive RECONNECT, all batches come again since the last end of a transaction that was recorded as
 * durable; they may be cut differently. When a user rewinds the sink ({@code PipelineControl.rewind}), batches come again from an
 * earlier position, after a {@code flush} and with no error before; the first may begin within a transaction. A sink that must not show a
 * change twice stores the position with its data and skips what it has. Any other writes in a way that bears repeating: the position is a
 * key for it.
 *
 * <p><b>Errors.</b> This is what an exception from {@code open}, {@code write} or {@code flush} means. {@link
 * io.pgcdc.error.ErrorCode#retry} tells the directive of a code.
 *
 * <table>
 *   <caption>What follows an exception</caption>
 *   <tr><td>{@link io.pgcdc.error.SinkException}, BACKOFF</td><td>The same call comes again after a pause. Pauses grow from 0.1 to
 *     30 s, for as long as {@code retry_for_ms} says; then the sink has failed for good.</td></tr>
 *   <tr><td>{@code SinkException}, RECONNECT</td><td>What was accepted and is not durable counts as lost. After the pause, batches come
 *     again since the last durable one. Connect anew in the next call.</td></tr>
 *   <tr><td>{@code SinkException}, NEVER</td><td>The sink has failed for good: it is closed, and nothing more is called. {@code
 *     on_failure} decides about the others.</td></tr>
 *   <tr><td>{@link RefusedChangeException}, of {@code write} only</td><td>The target will never take one change. With {@code
 *     dead_letter} the change is put aside, and the same batch comes again at once without it. Else as NEVER.</td></tr>
 *   <tr><td>Any other {@code RuntimeException}</td><td>A defect of the sink: as NEVER.</td></tr>
 *   <tr><td>{@code Error}</td><td>The whole program stops.</td></tr>
 * </table>
 *
 * <p>Pass on what a {@link Batch} throws while you walk it: it is the queue's, and concerns everybody.
 */
public interface Sink extends AutoCloseable {

    /**
     * Connects, and checks the target. A sink may do both later instead.
     *
     * <p>Called before the first {@code write}, and again after it threw. When the queue is new and the slot is not, the starting thread
     * calls it, too, to learn what the sinks have: once for each host that it tries. So it may be called when the sink is open already,
     * and must then answer again.
     *
     * @return the last position that the target has durably, where it keeps one and has changes of this source; else null
     * @throws io.pgcdc.error.SinkException as the class says. To the starting thread NEVER ends the start; after another one it goes on
     *     without an answer
     */
    default @Nullable Position open(SourceId source) {
        return null;
    }

    /**
     * Like {@link #open(SourceId)}, and tells what the queue knows of the sink's earlier runs. Called by the sink's thread.
     *
     * <p>A sink that keeps a position in its target, and finds no trace of itself there, must not begin anew when {@code confirmed} is
     * not null. The target was emptied, or is another one, and what it lacks does not come again: throw TARGET_EXCHANGED.
     *
     * @param confirmed the last position that the sink called durable; null if there is none: the sink or the queue is new
     * @return as {@link #open(SourceId)}. What comes is decided by the queue, not by this: skip what you have
     */
    default @Nullable Position open(SourceId source, @Nullable Position confirmed) {
        return open(source);
    }

    /**
     * Takes the batch. It and its changes are valid until this returns.
     *
     * <p>If this throws, remove what you wrote of the batch, unless the repeat replaces it. The batch may be empty, when routing dropped all of it: its
     * {@link Batch#lastPosition} counts nevertheless.
     *
     * @return {@link Durability#DURABLE} if everything up to the end of this batch survives a crash of the target now; {@link
     *     Durability#ACCEPTED} if a later answer will say so. The server is told to forget what is durable: a sink that says so too early
     *     loses changes. After a batch without {@link Batch#endsAtCommit} both mean the same: a part of a transaction is never recorded,
     *     and comes again with the rest
     * @throws RefusedChangeException if the target will never take one of the changes
     * @throws io.pgcdc.error.SinkException as the class says
     */
    Durability write(Batch batch);

    /**
     * Makes all batches durable whose {@code write} returned ACCEPTED.
     *
     * <p>Called when no more batches wait; under steady load every {@code linger_ms}; and before {@link #close} in an orderly stop. Not
     * called when nothing waits to become durable. It may come between the parts of a transaction, which it need not cover; and at a stop
     * after a {@code write} that threw: then make durable only what a repeat of that batch replaces.
     *
     * @return DURABLE if all whole transactions that were accepted survive a crash of the target now; ACCEPTED if not yet: it is called
     *     again
     * @throws io.pgcdc.error.SinkException as the class says
     */
    Durability flush();

    /**
     * Frees what the sink holds. Makes nothing durable.
     *
     * <p>Called once, whatever happened before: after the last {@code flush} of an orderly stop, after a failure, and without {@code open}
     * when the start failed. If the sink's thread does not end within 10 s of a stop, it is interrupted, in whichever call it stands.
     *
     * @throws RuntimeException which ends an orderly stop with an error; after a failure it is only logged
     */
    @Override
    void close();
}
