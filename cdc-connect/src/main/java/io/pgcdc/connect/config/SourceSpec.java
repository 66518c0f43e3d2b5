package io.pgcdc.connect.config;

import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;

/**
 * The configuration of one source, which one task reads. All values have passed their checks. Immutable.
 *
 * @param name of the task's source, in threads and log lines; the slot's if there is one source
 * @param records how changes become records, with the format's defaults
 * @param maxRowBytes the largest row that is accepted
 * @param memoryBytes of changes that may wait for Kafka
 * @param splitBytes of changes after which a Kafka transaction may end within a transaction of the source
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
        String heartbeatTopic,
        long heartbeatMs) {}
