package io.pgcdc.pipeline;

import io.pgcdc.capture.CaptureRequest;
import io.pgcdc.delivery.SinkRequest;
import io.pgcdc.life.Inbox;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The inboxes of a pipeline's loops. They are there before it runs, so that a request may come first, and are closed when it has ended. Any
 * thread.
 */
record Inboxes(Map<String, Inbox<SinkRequest>> sinks, Inbox<CaptureRequest> capture) {

    static Inboxes of(Collection<String> sinks) {
        Map<String, Inbox<SinkRequest>> bySink = new LinkedHashMap<>();
        sinks.forEach(name -> bySink.put(name, new Inbox<>()));
        return new Inboxes(Map.copyOf(bySink), new Inbox<>());
    }

    /** @throws IllegalArgumentException there is no such sink */
    Inbox<SinkRequest> sink(String name) {
        Inbox<SinkRequest> inbox = sinks.get(name);
        if (inbox == null) {
            throw new IllegalArgumentException(
                    "no sink " + name + "; there are: " + String.join(", ", new TreeSet<>(sinks.keySet())));
        }
        return inbox;
    }

    void close(String why) {
        capture.close(why);
        sinks.values().forEach(inbox -> inbox.close(why));
    }
}
