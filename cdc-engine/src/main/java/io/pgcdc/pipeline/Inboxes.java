package io.pgcdc.pipeline;

import io.pgcdc.capture.CaptureRequest;
import io.pgcdc.delivery.SinkRequest;
import io.pgcdc.life.Inbox;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The inboxes of a pipeline's loops. They exist before the run, so that you can post a request before it starts. They are closed when the
 * run has ended. Any thread.
 */
record Inboxes(Map<String, Inbox<SinkRequest>> sinks, Inbox<CaptureRequest> capture) {

    static Inboxes of(Collection<String> sinks) {
        Map<String, Inbox<SinkRequest>> bySink = new LinkedHashMap<>();
        sinks.forEach(name -> bySink.put(name, new Inbox<>()));
        return new Inboxes(Map.copyOf(bySink), new Inbox<>());
    }

    /**
     * Returns the inbox of a sink.
     *
     * @throws IllegalArgumentException there is no such sink
     */
    Inbox<SinkRequest> sink(String name) {
        Inbox<SinkRequest> inbox = sinks.get(name);
        if (inbox == null) {
            throw new IllegalArgumentException(
                    "no sink " + name + "; the sinks are: " + String.join(", ", new TreeSet<>(sinks.keySet())));
        }
        return inbox;
    }

    /** Closes all inboxes. Waiting requests fail with this message. */
    void close(String why) {
        capture.close(why);
        sinks.values().forEach(inbox -> inbox.close(why));
    }
}
