package io.pgcdc.delivery;

import io.pgcdc.setting.SettingValues;

/**
 * How changes are handed to a sink, whatever its type.
 *
 * @param retryForMs how long a batch is tried again; 0: without limit
 * @param retryTimes how often it is tried again for one reason while nothing becomes durable; 0: without limit
 * @param lingerMs how long what the sink accepted may wait to be flushed while more comes
 * @param deadLetter whether a single change that the target refuses is put aside
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
