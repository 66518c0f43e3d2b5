package io.pgcdc.race.ready;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** A connector with one {@link ReadyTask}. It reads no offsets: a task that starts again gives out everything again. */
public final class ReadyConnector extends SourceConnector {

    /** A file that {@link Sample#write} wrote. */
    public static final String SAMPLES = "samples";

    /** True: the samples are JSON with schemas, and become Structs. False: they stay bytes. */
    public static final String STRUCTS = "structs";

    /** The first part of the topics' names. */
    public static final String PREFIX = "prefix";

    /** The topic of the one record that follows all others. */
    public static final String LAST_TOPIC = "last.topic";

    /** How many records come, without the last one. */
    public static final String RECORDS = "records";

    /** The records of an answer to poll(). */
    public static final String BATCH = "batch";

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return "1";
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define(SAMPLES, ConfigDef.Type.STRING, Importance.HIGH, "A file of samples.")
                .define(STRUCTS, ConfigDef.Type.BOOLEAN, Importance.HIGH, "Whether they become Structs.")
                .define(PREFIX, ConfigDef.Type.STRING, Importance.HIGH, "The first part of the topics' names.")
                .define(LAST_TOPIC, ConfigDef.Type.STRING, Importance.HIGH, "The topic of the last record.")
                .define(RECORDS, ConfigDef.Type.LONG, Importance.HIGH, "How many records come before the last one.")
                .define(BATCH, ConfigDef.Type.INT, Importance.HIGH, "The records of an answer to poll().");
    }

    @Override
    public void start(Map<String, String> given) {
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ReadyTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public void stop() {}
}
