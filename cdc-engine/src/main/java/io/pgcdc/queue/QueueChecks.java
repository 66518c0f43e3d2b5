package io.pgcdc.queue;

import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;

/** Checks the queue's settings against each other. */
public final class QueueChecks {

    private QueueChecks() {}

    /** Adds a problem for each conflict between settings. */
    public static void check(Section queue, Problems problems) {
        SettingValues values = queue.values();
        if (values.get(QueueSettings.SEGMENT_BYTES) > values.get(QueueSettings.FILE_BYTES)) {
            Setting<?> given = values.isGiven(QueueSettings.SEGMENT_BYTES)
                    ? QueueSettings.SEGMENT_BYTES
                    : QueueSettings.FILE_BYTES;
            queue.conflict(
                    given,
                    "queue.segment_bytes is " + values.get(QueueSettings.SEGMENT_BYTES) + "; write at most file_bytes, "
                            + values.get(QueueSettings.FILE_BYTES),
                    problems);
        }
        checkAuto(queue, problems);
        checkQuota(queue, problems);
    }

    private static void checkAuto(Section queue, Problems problems) {
        SettingValues values = queue.values();
        for (Setting<?> setting : List.of(QueueSettings.AUTO_QUEUE_BELOW_PERCENT, QueueSettings.AUTO_QUEUE_BELOW_MS)) {
            if (values.isGiven(setting) && values.get(QueueSettings.CONFIRM) != ConfirmPolicy.AUTO) {
                queue.conflict(
                        setting,
                        queue.label(setting) + " has no effect without confirm: auto; remove it, or set confirm: auto",
                        problems);
            }
        }
    }

    private static void checkQuota(Section queue, Problems problems) {
        SettingValues values = queue.values();
        long max = values.get(QueueSettings.MAX_BYTES);
        long least = 2 * values.get(QueueSettings.FILE_BYTES);
        if (max > 0 && max < least) {
            queue.conflict(
                    QueueSettings.MAX_BYTES,
                    "queue.max_bytes is " + max + "; write at least twice file_bytes, " + least
                            + ", because files are deleted whole; or 0",
                    problems);
        }
        long retain = values.get(QueueSettings.RETAIN_BYTES);
        if (max >= least && retain > max - least) {
            queue.conflict(
                    QueueSettings.RETAIN_BYTES,
                    "queue.retain_bytes is " + retain + "; write at most max_bytes minus twice file_bytes, "
                            + (max - least) + ", because changes that sinks lack need room",
                    problems);
        }
        if (values.get(QueueSettings.WHEN_FULL) == FullPolicy.FAIL
                && values.get(QueueSettings.CONFIRM) != ConfirmPolicy.QUEUE) {
            queue.conflict(
                    QueueSettings.WHEN_FULL,
                    "queue.when_full: fail requires confirm: queue; with confirm: sinks or auto write when_full: pause, because the primary keeps"
                            + " the WAL",
                    problems);
        }
    }
}
