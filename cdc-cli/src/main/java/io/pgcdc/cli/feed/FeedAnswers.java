package io.pgcdc.cli.feed;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.http.Answer;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/** The answers to requests that get no changes. No state. */
public final class FeedAnswers {

    private static final int GONE = 410;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    private FeedAnswers() {}

    /** Returns an error as JSON. */
    static ObjectNode problem(CdcException error, @Nullable Position oldest) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("code", error.code().toString());
        json.put("message", error.getMessage());
        if (oldest != null) {
            json.put("oldest", oldest.toString());
        }
        return json;
    }

    /** Returns the answer to a request that is wrong. */
    public static Answer refused(int status, String message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("code", ErrorCode.FEED_REFUSED.toString());
        json.put("message", message);
        return Answer.json(status, json);
    }

    /**
     * Returns the answer if a subscription cannot begin.
     *
     * @param oldest the first position that the queue holds; null: it holds none
     */
    static Answer cannotBegin(CdcException error, @Nullable Position oldest) {
        boolean gone = error.code() == ErrorCode.QUEUE_SEGMENT_RELEASED;
        return Answer.json(gone ? GONE : CONFLICT, problem(error, gone ? oldest : null));
    }

    /** Returns the answer while a pipeline does not stream. */
    static Answer notRunning(String pipeline) {
        return refused(UNAVAILABLE, "pipeline " + pipeline + " is not running yet, or has ended; try again later")
                .with("Retry-After", "2");
    }
}
