package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.error.QueueException;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.disk.QueueView;
import java.util.List;

/** The parts of the status that a pipeline does not know while it starts: from its configuration, and from the files of its queue. */
final class StartingStatus {

    private StartingStatus() {}

    /** Adds them to the status. Any thread; reads all headers in the queue. */
    static void complete(ObjectNode status, PipelineConfig config, ObjectMapper json) {
        ObjectNode source = status.withObject("/source");
        source.put("server", config.source().address().describe());
        source.put("slot", config.source().slot());
        source.put("connected", false);
        JsonNode files;
        try {
            files = StoppedStatus.read(QueueView.open(config.queue().dir()), json);
        } catch (QueueException e) {
            return; // a new queue, or one that the start is about to refuse
        }
        copy(files.path("source"), source, List.of("durable_lsn", "confirmed_lsn"));
        status.set("queue", files.path("queue"));
        for (JsonNode sink : status.path("sinks")) {
            for (JsonNode stored : files.path("sinks")) {
                if (sink.path("name").equals(stored.path("name"))) {
                    copy(stored, (ObjectNode) sink, List.of("position", "lag_changes", "lag_seconds"));
                }
            }
        }
    }

    private static void copy(JsonNode from, ObjectNode to, List<String> fields) {
        for (String field : fields) {
            if (from.has(field)) {
                to.set(field, from.path(field));
            }
        }
    }
}
