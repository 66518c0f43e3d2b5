package io.pgcdc.cli.debezium;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Says in the words of {@code cdc.yaml} and of the command what the answers to options say in those of a connector's properties. */
final class FileWording {

    private static final String RECORDS =
            "records are Debezium's own; pgcdc's connector for Kafka Connect has transforms (docs/how-to/connect.md)";
    private static final String SNAPSHOTS = "the command cdc snapshot orders one";
    private static final String NOTICES = "cdc status tells how far it is";

    /** By the start of an option's name. */
    private static final Map<String, String> INSTEAD = instead();

    private static final Pattern REMOVE = Pattern.compile("(?:; |,? or )remove it(?=$|:)|^remove it: ");
    private static final Pattern PAIR = Pattern.compile("(?<![\\w.%])([a-z_]+(?:\\.[a-z_]+)?)=(?=[\\w$])");

    private FileWording() {}

    /** @param option the connector's name */
    static String of(String option, String advice) {
        return INSTEAD.entrySet().stream()
                .filter(e -> option.startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() ->
                        PAIR.matcher(REMOVE.matcher(advice).replaceAll("")).replaceAll("$1: "));
    }

    private static Map<String, String> instead() {
        Map<String, String> instead = new LinkedHashMap<>();
        instead.put("converters", RECORDS);
        instead.put("post.processors", RECORDS);
        instead.put("sourceinfo.struct.maker", RECORDS);
        instead.put("transaction.metadata.factory", RECORDS);
        instead.put("signal.", SNAPSHOTS);
        instead.put("notification.", NOTICES);
        instead.put("custom.metric.tags", "metrics have the names of pipeline and sink");
        instead.put("custom.sanitize.pattern", "cdc config masks secrets");
        instead.put("flush.lsn.source", "the slot advances once Kafka has the changes");
        instead.put("lsn.flush.", "the slot advances once Kafka has the changes");
        instead.put("database.initial.statements", "add a parameter to source.url: options=-c%20name=value");
        instead.put("connection.validation.timeout.ms", "source.connect_timeout_ms limits the wait for a host");
        instead.put("executor.shutdown.timeout.ms", "SIGTERM ends a run in order");
        instead.put("event.processing.failure.handling.mode", "write dead_letter: true at the sink");
        instead.put("message.prefix.", "write message at the sink's skip for no messages");
        instead.put("max.queue.size", "the queue on disk has what waits");
        instead.put("max.batch.size", "the queue on disk has what waits");
        instead.put("poll.interval.ms", "changes are sent as soon as they are there");
        instead.put("snapshot.delay.ms", "start pgcdc later");
        return instead;
    }
}
