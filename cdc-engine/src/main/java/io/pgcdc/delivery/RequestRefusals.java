package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Inbox.Refusal;
import org.jspecify.annotations.Nullable;

/** Why a sink's loop refuses requests. */
final class RequestRefusals {

    private final String sink;

    RequestRefusals(String sink) {
        this.sink = sink;
    }

    static String describe(@Nullable Throwable error) {
        return error instanceof CdcException e ? e.describe() : String.valueOf(error);
    }

    Refusal failed(Throwable why) {
        return refusal(
                ErrorCode.SINK_FAILED,
                "has failed for good: " + describe(why) + " Remove the cause, then start it again: cdc retry --sink "
                        + sink + ".");
    }

    /** @param what that is refused, such as "go back to 0/1:2" */
    Refusal targetFails(ErrorCode code, String what, @Nullable Throwable trouble, boolean paused) {
        return refusal(
                code,
                "cannot " + what + " while its target fails, because its last batch is not finished: "
                        + describe(trouble) + " Try again when the target works"
                        + (paused ? " and the sink is resumed." : "."));
    }

    Refusal notOpen(@Nullable Throwable trouble) {
        return refusal(
                ErrorCode.REPLAY_REFUSED,
                "cannot replay, because it is not connected"
                        + (trouble == null ? ". Resume it first." : ": " + describe(trouble)));
    }

    Refusal replaying() {
        return refusal(
                ErrorCode.REWIND_REFUSED,
                "cannot go back while a replay is running. Wait for its end, or end it: cdc replay --sink " + sink
                        + " --cancel.");
    }

    Refusal noReplay() {
        return refusal(ErrorCode.REPLAY_REFUSED, "has no replay to end.");
    }

    private Refusal refusal(ErrorCode code, String what) {
        return new Refusal(new SinkException(code, "sink \"" + sink + "\" " + what));
    }
}
