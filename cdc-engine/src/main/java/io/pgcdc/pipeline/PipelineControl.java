package io.pgcdc.pipeline;

import io.pgcdc.delivery.ReplayPlan;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.model.Position;
import io.pgcdc.snapshot.SnapshotRequest;
import java.util.concurrent.CompletableFuture;

/**
 * Steers a pipeline before and during its run. Any thread.
 *
 * <p>The methods that return a future never block. The sink's thread, or capture's, executes requests between two transactions, in the order
 * of the calls. It then completes the future. Code that you chain to the future runs on that thread and must not block. A future fails with an
 * {@link IllegalStateException} if the run ends first.
 *
 * <p>A request before the run waits for its start: a sink that you pause gets nothing. After the run each of these methods throws an {@link
 * IllegalStateException}.
 *
 * <p>If a sink has failed permanently, each future but that of {@link #retry} fails with a {@link io.pgcdc.error.CdcException} of the code
 * SINK_FAILED.
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
     * Asks for an orderly stop, and returns at once. Each sink finishes and checkpoints its current batch; then {@link Pipeline#run} returns.
     * Paused sinks and a paused capture stop as well.
     */
    void stop();

    /**
     * Makes the run stop when all changes that the server holds now are delivered and acknowledged. Called before the start, it means the
     * changes that the server holds at the start. Called during the run, it queries the server. The run does not stop while a sink or capture
     * is paused, because then not all changes are delivered.
     *
     * @throws io.pgcdc.error.SourceException the server does not answer; the pipeline continues
     */
    void stopWhenCaughtUp();

    /**
     * Pauses a sink. It finishes its current transaction and flushes; then the pipeline does not call it. Its status is {@link
     * PipelineStatus.SinkState#PAUSED}. The other sinks continue. The queue keeps the paused sink's changes, and with {@code confirm: sinks} the
     * primary keeps its WAL. If the sink's target fails at that moment, the unfinished call is repeated after {@link #resume}. The pause ends
     * with the run: the next run begins without it.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> pause(String sink);

    /**
     * Resumes a sink after {@link #pause}. If its target failed, the sink tries again at once, and the pauses and limits of retries begin anew.
     * Does nothing if the sink is not paused.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> resume(String sink);

    /**
     * Starts a sink again that has failed permanently: another object is made of it, which connects anew and gets all changes after the sink's
     * checkpoint. A sink whose target fails tries again at once. In both cases the pauses and limits of retries begin anew. Does nothing to a
     * sink that works. When the future is completed, the sink has not been called yet: {@link Pipeline#status} tells how it fares.
     *
     * <p>If the sink cannot be made anew, the future fails with a {@link io.pgcdc.error.CdcException}: the error of its settings, or SINK_FAILED.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> retry(String sink);

    /**
     * Gives the sink all changes after the position again. The queue must still hold them: {@code queue.retain_bytes} keeps more than the sinks
     * need. A paused sink stays paused. When the future is completed, the new place is on disk: after a stop or a crash the sink continues from
     * there. Acknowledged changes stay acknowledged.
     *
     * <p>A sink that keeps its position in its target (exactly once: {@code change_logs}, {@code projection}, {@code inbox}, {@code kafka}) skips
     * the changes that its target has. Changes that the target refused, and that went to the dead letters, are tried again.
     *
     * <p>If the rewind is not possible, the sink continues where it was. The future then fails with a {@link io.pgcdc.error.CdcException} of the
     * code
     *
     * <ul>
     *   <li>QUEUE_SEGMENT_RELEASED: the queue does not hold all changes after the position;
     *   <li>REWIND_REFUSED: the sink has not reached the position; or its target is failing, so that its last batch is not finished.
     * </ul>
     *
     * @param position of a change, as records print it
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> rewind(String sink, Position position);

    /**
     * Gives the sink changes again that it has, then lets it continue where it was. Unlike {@link #rewind}, it may end earlier, bring some tables
     * only, and brings changes also to sinks that keep their position in their target: {@link io.pgcdc.sink.ReplayTerms} say what that means there.
     * The queue must still hold the changes. When the future is completed, the replay is recorded on disk: after a stop or a crash the sink
     * continues it. Later changes wait until it is over; acknowledged changes stay acknowledged.
     *
     * <p>If the replay is not possible, the sink continues where it was. The future then fails with a {@link io.pgcdc.error.CdcException} of the code
     *
     * <ul>
     *   <li>QUEUE_SEGMENT_RELEASED: the queue does not hold the changes;
     *   <li>REPLAY_REFUSED: the sink cannot take them as they are asked for; its target is failing; or a replay is running.
     * </ul>
     *
     * @return the replay, worked out
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<ReplayPlan> replay(String sink, ReplayRequest request);

    /** Works out what {@link #replay} would do. Changes nothing. Fails like it. */
    CompletableFuture<ReplayPlan> planReplay(String sink, ReplayRequest request);

    /**
     * Ends a replay early: the sink continues where it was before. What it has got of the replay stays in its target.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    CompletableFuture<Void> cancelReplay(String sink);

    /**
     * Stops reading from the server, after the current transaction. Sinks continue with the changes in the queue, and the server gets their
     * progress. The server keeps its WAL.
     */
    CompletableFuture<Void> pauseCapture();

    /** Continues reading after {@link #pauseCapture}. */
    CompletableFuture<Void> resumeCapture();

    /**
     * Orders a snapshot: the rows that tables have are delivered, while changes are streamed, as changes of kind READ. Changes and rows together
     * give the table, in the order in which they are delivered. The order is on disk when this returns: after a stop or a crash the next run
     * continues it. {@link Pipeline#status} tells how far it is. Snapshots are read one after the other. Queries the server.
     *
     * @return the id of the snapshot
     * @throws io.pgcdc.error.SourceException SNAPSHOT_REFUSED: the request names what is not there; or the server does not answer
     * @throws IllegalStateException the pipeline is not running
     */
    String snapshot(SnapshotRequest request);

    /**
     * Pauses the snapshot that is being read. What its connections are reading is delivered. Later snapshots wait for it. The pause ends with the
     * run.
     *
     * @throws io.pgcdc.error.SourceException SNAPSHOT_REFUSED: it is not being read
     * @throws IllegalStateException the pipeline is not running
     */
    void pauseSnapshot(String id);

    /** Continues a snapshot after {@link #pauseSnapshot}. Throws the same errors. */
    void resumeSnapshot(String id);

    /**
     * Cancels a snapshot that was ordered. Its rows in the queue are delivered, no others. The pipeline's first snapshot cannot be cancelled.
     *
     * @throws io.pgcdc.error.SourceException SNAPSHOT_REFUSED: there is none with that id, or it is the first one
     * @throws IllegalStateException the pipeline is not running
     */
    void cancelSnapshot(String id);
}
