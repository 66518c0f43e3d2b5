package io.pgcdc.connect;

import io.pgcdc.connect.config.ConnectorConfig;
import io.pgcdc.connect.config.Definition;
import io.pgcdc.connect.config.Validation;
import io.pgcdc.connect.task.OffsetChange;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the changes of PostgreSQL databases, one replication slot a task. Exactly once on workers that support it; with {@code
 * transaction.boundary=connector} each transaction of the source is one of Kafka's.
 */
public final class PostgresSourceConnector extends SourceConnector {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSourceConnector.class);

    private @Nullable ConnectorConfig config;

    @Override
    public String version() {
        return Version.text();
    }

    @Override
    public void start(Map<String, String> properties) {
        ConnectorConfig parsed = ConnectorConfig.parse(properties);
        parsed.notices().forEach(LOG::info);
        config = parsed;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return PostgresSourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        ConnectorConfig started = config;
        if (started == null) {
            throw new IllegalStateException("the connector was not started");
        }
        return started.taskConfigs(maxTasks);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return Definition.configDef();
    }

    @Override
    public Config validate(Map<String, String> properties) {
        return Validation.of(properties);
    }

    /** Checks the offsets that a person sets: the server must still have what comes after them. */
    @Override
    public boolean alterOffsets(Map<String, String> properties, Map<Map<String, ?>, Map<String, ?>> offsets) {
        new OffsetChange(ConnectorConfig.parse(properties).sources()).check(offsets);
        return true;
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> properties) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }
}
