package io.pgcdc.delivery;

import io.pgcdc.setting.SettingValues;

/**
 * The settings of delivery that all types of sinks share.
 *
 * @param retryForMs the longest time to try a batch again; 0: no limit
 * @param retryTimes the most retries for the same reason while nothing becomes durable; 0: no limit
 * @param lingerMs the longest time that accepted changes wait for a flush while more arrive
 * @param deadLetter true: a single change that the target refuses goes to the dead letters
 */
public record DeliveryConfig(
        FailurePolicy onFailure, long retryForMs, long retryTimes, long lingerMs, StartFrom start, boolean deadLetter) {

    /** All defaults. */
    public static final DeliveryConfig DEFAULT = of(SettingValues.NONE);

    public static DeliveryConfig of(SettingValues values) {
        return new DeliveryConfig(
                values.get(SinkSettings.ON_FAILURE),
                values.get(SinkSettings.RETRY_FOR_MS),
                values.get(SinkSettings.RETRY_TIMES),
                values.get(SinkSettings.LINGER_MS),
                values.get(SinkSettings.START),
                values.get(SinkSettings.DEAD_LETTER));
    }
}
