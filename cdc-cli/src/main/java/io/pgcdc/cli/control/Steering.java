package io.pgcdc.cli.control;

import io.pgcdc.delivery.ReplayPlan;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineControl;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.setting.SettingReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Pauses, resumes and retries parts of a pipeline, and waits until it is done. Any thread. */
final class Steering {

    /** The longest wait. A sink that writes to a target which does not answer takes requests once it does. */
    private static final long LONGEST_S = 30;

    private final Pipeline pipeline;

    Steering(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * Pauses or resumes sinks, or the reading from the server.
     *
     * @param sinks names; empty: the reading
     * @throws SourceException CONTROL_REFUSED: there is no such sink, or one does not answer in time
     * @throws IllegalStateException the pipeline or the sink has ended
     */
    void steer(List<String> sinks, boolean pause) {
        PipelineControl control = pipeline.control();
        if (sinks.isEmpty()) {
            await("capture", pause ? control.pauseCapture() : control.resumeCapture());
            return;
        }
        each(sinks, sink -> pause ? control.pause(sink) : control.resume(sink));
    }

    /**
     * Starts failed sinks again.
     *
     * @throws SourceException CONTROL_REFUSED: no sink is named, there is no such sink, or one does not answer in time
     * @throws CdcException a sink cannot be made anew
     */
    void retry(List<String> sinks) {
        if (sinks.isEmpty()) {
            throw refused("name the sinks in \"sinks\".");
        }
        each(sinks, pipeline.control()::retry);
    }

    /**
     * Works a replay out, and begins it if asked.
     *
     * @throws SourceException CONTROL_REFUSED: there is no such sink, or it does not answer in time
     * @throws CdcException the replay is refused
     */
    ReplayPlan replay(String sink, ReplayRequest request, boolean begin) {
        requireAll(List.of(sink));
        PipelineControl control = pipeline.control();
        return await(name(sink), begin ? control.replay(sink, request) : control.planReplay(sink, request));
    }

    /** Ends a replay. Throws the same errors. */
    void cancelReplay(String sink) {
        requireAll(List.of(sink));
        await(name(sink), pipeline.control().cancelReplay(sink));
    }

    private static String name(String sink) {
        return "sink \"" + sink + "\"";
    }

    private void each(List<String> sinks, Function<String, CompletableFuture<Void>> request) {
        requireAll(sinks);
        // asked first, awaited then: they finish their transactions side by side
        List<CompletableFuture<Void>> asked = sinks.stream().map(request).toList();
        for (int i = 0; i < sinks.size(); i++) {
            await(name(sinks.get(i)), asked.get(i));
        }
    }

    /** Nothing is done if one of them is not there. */
    private void requireAll(List<String> sinks) {
        List<String> known =
                pipeline.status().sinks().stream().map(SinkStatus::name).toList();
        for (String sink : sinks) {
            if (pipeline.isFeed(sink)) {
                throw refused(SettingReader.quote(sink)
                        + " is a feed, which cannot be steered: its clients fetch what they want, with from=.");
            }
            if (!known.contains(sink)) {
                throw refused("there is no sink " + SettingReader.quote(sink) + "; the sinks are: "
                        + String.join(", ", known) + ".");
            }
        }
    }

    private static <T> T await(String who, CompletableFuture<T> done) {
        try {
            return done.get(LONGEST_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw refused(who + " has not answered for " + LONGEST_S
                    + " s. It may be waiting for its target; it does what you asked when it continues.");
        } catch (ExecutionException e) {
            Throwable why = e.getCause();
            if (why instanceof CdcException known) {
                throw known;
            }
            throw new IllegalStateException(why == null ? who + " has ended" : why.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the run has ended", e);
        }
    }

    private static SourceException refused(String why) {
        return new SourceException(ErrorCode.CONTROL_REFUSED, why);
    }
}
