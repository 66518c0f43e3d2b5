package io.pgcdc.connect;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Reads one source. */
public final class PostgresSourceTask extends SourceTask {

    @Override
    public String version() {
        return Version.text();
    }

    @Override
    public void start(Map<String, String> properties) {}

    @Override
    public @Nullable List<SourceRecord> poll() {
        return null;
    }

    @Override
    public void stop() {}
}
