package io.pgcdc.connect;

import io.pgcdc.connect.config.ConnectorConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of PostgreSQL databases, one replication slot a task. Exactly once on workers that support it; with {@code
 * transaction.boundary=connector} each transaction of the source is one of Kafka's.
 */
public final class PostgresSourceConnector extends SourceConnector {

    private @Nullable ConnectorConfig config;

    @Override
    public String version() {
        return Version.text();
    }

    @Override
    public void start(Map<String, String> properties) {
        config = ConnectorConfig.parse(properties);
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
        return new ConfigDef();
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
