package io.pgcdc.pipeline;

/** Steers a pipeline that runs, or that is about to. Any thread. */
public interface PipelineControl {

    /** An orderly stop: the batches at hand are finished and checkpointed, then {@link Pipeline#run} returns. Returns at once. */
    void stop();

    /**
     * Stops once all that the server holds now is delivered and acknowledged; before the start: all that it holds at the start. While
     * the pipeline runs, this call queries the server.
     *
     * @throws io.pgcdc.error.SourceException when the server cannot be asked; the pipeline goes on
     */
    void stopWhenCaughtUp();
}
