package io.pgcdc.pipeline;

import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.model.Lsn;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSession;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in four lines what a run has found: the server, the slot, where it goes on, and the sinks. Capture thread. */
final class StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(StartReport.class);

    private StartReport() {}

    static void log(PipelineConfig config, SourceSession session, OpenQueue queue, boolean newQueue) {
        SourceConfig source = config.source();
        LOG.info(
                "server: PostgreSQL {} at {}, system {}, timeline {}",
                session.findings().server().version(),
                session.where(),
                session.system().systemIdentifier(),
                session.system().timeline());
        LOG.info(
                "slot: {}, publications {}, the server's WAL ends at {}",
                source.slot(),
                String.join(", ", source.publications()),
                Lsn.toString(session.system().flushLsn()));
        LOG.info(
                "queue: {}, {} {}",
                config.queue().dir(),
                newQueue ? "new, begins at" : "goes on after",
                Lsn.toString(queue.resumeLsn()));
        Stream<String> sinks = config.sinks().stream().map(sink -> describe(sink, queue));
        Stream<String> feeds = config.feeds().stream().map(feed -> feed.name() + " (" + FeedConfig.TYPE + ")");
        LOG.info("sinks: {}", Stream.concat(sinks, feeds).collect(Collectors.joining("; ")));
    }

    private static String describe(SinkConfig sink, OpenQueue queue) {
        SinkProgress progress = queue.sinks().get(sink.name());
        return sink.name() + " (" + sink.type() + ") has " + (progress == null ? "nothing" : progress.describe());
    }
}
