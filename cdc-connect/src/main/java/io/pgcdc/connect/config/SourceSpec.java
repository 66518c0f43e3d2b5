package io.pgcdc.connect.config;

import io.pgcdc.connect.record.RecordSettings;
import io.pgcdc.connect.record.ValueChoice;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;

/**
 * The configuration of one source, which one task reads. All values have passed their checks. Immutable.
 *
 * @param name of the task's source, in threads and log lines; the slot's if there is one source
 * @param records how changes become records
 * @param maxRowBytes the largest row that is accepted
 * @param memoryBytes of changes that may wait for Kafka
 * @param splitBytes of changes after which a Kafka transaction may end within a transaction of the source
 * @param commitBytes of small transactions of the source that may share a Kafka transaction; 0: each has its own
 * @param heartbeatMs without a record that carries the position, after which a heartbeat does
 */
public record SourceSpec(
        String name,
        SourceConfig source,
        SnapshotConfig snapshot,
        RouteConfig route,
        SettingValues records,
        long maxRowBytes,
        long memoryBytes,
        long splitBytes,
        long commitBytes,
        String heartbeatTopic,
        long heartbeatMs) {

    /** Returns true if keys and values are bytes. */
    public boolean isBytes() {
        return records.get(RecordSettings.VALUES) == ValueChoice.BYTES;
    }
}
