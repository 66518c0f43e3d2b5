package io.pgcdc.pipeline;

import io.pgcdc.model.Position;
import java.util.concurrent.CompletableFuture;

/**
 * Steers a pipeline that runs, or that is about to. Any thread.
 *
 * <p>The methods that return a future never block. The thread of the sink, or capture's, does what is asked between two transactions, in
 * the order in which it was asked, and then completes the future: code that you chain to it runs on that thread and must not block. A future
 * fails with an {@link IllegalStateException} if the run ends first. Before the run, a request waits for it: a sink that you pause takes
 * nothing from the start on. After the run each of these methods throws an {@link IllegalStateException}, and so does one that names a sink
 * which has failed for good.
 *
 * <pre>{@code
 * control.pause("replica").join();
 * restoreTheReplica();
 * control.rewind("replica", Position.parse("0/1A2B3C8:5")).join();
 * control.resume("replica").join();
 * }</pre>
 */
public interface PipelineControl {

    /**
     * An orderly stop: the batches at hand are finished and checkpointed, then {@link Pipeline#run} returns. Ends what is paused, too. Returns
     * at once.
     */
    void stop();

    /**
     * Stops once all that the server holds now is delivered and acknowledged; before the start: all that it holds at the start. While
     * the pipeline runs, this call queries the server. A sink that is paused, or capture, has to be resumed first: until then the run goes on,
     * for not all is delivered.
     *
     * @throws io.pgcdc.error.SourceException when the server cannot be asked; the pipeline goes on
     */
    void stopWhenCaughtUp();

    /**
     * Pauses a sink. It finishes the transaction at hand, flushes, and is called no more; {@link PipelineStatus.SinkState#PAUSED} shows it. The
     * others go on. The queue keeps what follows, and with {@code confirm: sinks} the primary keeps its WAL. If the sink's target fails at that
     * moment, what is not finished waits and is tried again after {@link #resume}. A pause ends with the run; the next one begins without it.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> pause(String sink);

    /**
     * Goes on after {@link #pause}. If its target failed, it is tried at once, and pauses and limits of trying again begin anew. Does nothing to
     * a sink that is not paused.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> resume(String sink);

    /**
     * Has the sink get everything after the position again, as far as the queue holds it ({@code queue.retain_bytes} keeps more than the sinks
     * need). The sink may be paused, and stays so. When the future is completed, the place is on disk: after a stop or a crash the sink goes on
     * from there. What was acknowledged to the server stays acknowledged.
     *
     * <p>A sink that keeps its position in its target (exactly once: {@code change_logs}, {@code projection}, {@code inbox}, {@code kafka}) passes
     * over what its target has. A change that the target refused and that was put aside is tried again.
     *
     * <p>The future fails, and the sink goes on where it was, with a {@link io.pgcdc.error.CdcException} of the code
     *
     * <ul>
     *   <li>QUEUE_SEGMENT_RELEASED: the queue does not hold all that comes after the position;
     *   <li>REWIND_REFUSED: the sink has not reached the position; or its target fails just now, so that what it was given last is not
     *       finished.
     * </ul>
     *
     * @param position of a change, as records print it
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> rewind(String sink, Position position);

    /**
     * Reads nothing more from the server, after the transaction at hand. Sinks go on with what the queue holds, and the server hears how far
     * they are. It keeps its WAL.
     */
    CompletableFuture<Void> pauseCapture();

    /** Goes on after {@link #pauseCapture}. */
    CompletableFuture<Void> resumeCapture();
}
