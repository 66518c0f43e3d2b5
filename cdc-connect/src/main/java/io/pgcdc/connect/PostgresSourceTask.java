package io.pgcdc.connect;

import io.pgcdc.connect.config.ConnectorConfig;
import io.pgcdc.connect.task.SourceTaskWork;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Reads one source. Kafka Connect's thread of the task calls it, but for {@link #stop}. */
public final class PostgresSourceTask extends SourceTask {

    private volatile @Nullable SourceTaskWork work;

    @Override
    public String version() {
        return Version.text();
    }

    @Override
    public void start(Map<String, String> properties) {
        work = new SourceTaskWork(
                properties.getOrDefault("name", "connector"), ConnectorConfig.ofTask(properties), context);
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        SourceTaskWork started = work;
        if (started == null) {
            throw new ConnectException("the task was not started");
        }
        return started.poll();
    }

    /** @param metadata null: a transform or the error tolerance dropped the record */
    @Override
    public void commitRecord(SourceRecord sent, @Nullable RecordMetadata metadata) {
        SourceTaskWork started = work;
        if (started != null) {
            started.answered();
        }
    }

    @Override
    public void commit() {
        SourceTaskWork started = work;
        if (started != null) {
            started.committed();
        }
    }

    @Override
    public void stop() {
        SourceTaskWork started = work;
        if (started != null) {
            started.close();
        }
    }
}
