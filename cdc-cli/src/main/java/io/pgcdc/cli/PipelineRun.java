package io.pgcdc.cli;

import io.pgcdc.pipeline.Pipeline;

/** Runs a pipeline on this thread until it ends by itself, by a signal, or by an error. */
final class PipelineRun {

    private PipelineRun() {}

    static void untilStopped(Pipeline pipeline) {
        StopSignal signal = new StopSignal(pipeline);
        try {
            pipeline.run();
        } catch (RuntimeException | Error e) {
            signal.failed();
            throw e;
        } finally {
            signal.close();
        }
    }
}
