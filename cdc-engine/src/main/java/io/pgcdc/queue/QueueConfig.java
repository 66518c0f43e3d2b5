package io.pgcdc.queue;

import io.pgcdc.setting.SettingValues;
import java.nio.file.Path;

/**
 * The local queue.
 *
 * @param dir absolute
 * @param autoQueueBelowPercent share of the WAL that the primary may keep, below which {@code auto} is {@code queue}
 * @param autoQueueBelowMs time until the slot is lost, below which {@code auto} is {@code queue}; 0: any
 * @param gatherMs the longest time that many small transactions wait to share a segment; 0: they do not wait
 * @param maxBytes 0: no quota
 * @param retainBytes bytes kept of changes that every sink has
 */
public record QueueConfig(
        Path dir,
        ConfirmPolicy confirm,
        long autoQueueBelowPercent,
        long autoQueueBelowMs,
        long segmentBytes,
        long segmentChanges,
        long gatherMs,
        long fileBytes,
        long flushIntervalMs,
        long flushBytes,
        long minFreeBytes,
        long maxBytes,
        long retainBytes,
        FullPolicy whenFull,
        boolean allowNetworkFs) {

    /**
     * Reads the settings.
     *
     * @param directory base of a relative {@code dir}
     */
    public static QueueConfig of(SettingValues values, Path directory) {
        return new QueueConfig(
                directory.resolve(values.get(QueueSettings.DIR)).normalize(),
                values.get(QueueSettings.CONFIRM),
                values.get(QueueSettings.AUTO_QUEUE_BELOW_PERCENT),
                values.get(QueueSettings.AUTO_QUEUE_BELOW_MS),
                values.get(QueueSettings.SEGMENT_BYTES),
                values.get(QueueSettings.SEGMENT_CHANGES),
                values.get(QueueSettings.GATHER_MS),
                values.get(QueueSettings.FILE_BYTES),
                values.get(QueueSettings.FLUSH_INTERVAL_MS),
                values.get(QueueSettings.FLUSH_BYTES),
                values.get(QueueSettings.MIN_FREE_BYTES),
                values.get(QueueSettings.MAX_BYTES),
                values.get(QueueSettings.RETAIN_BYTES),
                values.get(QueueSettings.WHEN_FULL),
                values.get(QueueSettings.ALLOW_NETWORK_FS));
    }

    /** Returns a copy for a queue that is deleted after the run: without quota, on any file system. */
    public QueueConfig temporary(Path directory) {
        return new QueueConfig(
                directory,
                ConfirmPolicy.SINKS,
                autoQueueBelowPercent,
                autoQueueBelowMs,
                segmentBytes,
                segmentChanges,
                gatherMs,
                fileBytes,
                flushIntervalMs,
                flushBytes,
                minFreeBytes,
                0,
                0,
                whenFull,
                true);
    }
}
