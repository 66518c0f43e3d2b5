package io.pgcdc.config;

/**
 * How changes are handed to a sink, whatever its type.
 *
 * @param retryForMs how long a batch is tried again; 0: for ever
 * @param lingerMs how long what the sink accepted may wait to be flushed while more comes
 * @param deadLetter whether a single change that the target refuses is put aside
 */
public record DeliveryConfig(
        FailurePolicy onFailure, long retryForMs, long lingerMs, StartFrom start, boolean deadLetter) {

    /** All defaults. */
    public static final DeliveryConfig DEFAULT = of(new SettingValues(java.util.Map.of()));

    public static DeliveryConfig of(SettingValues values) {
        return new DeliveryConfig(
                values.get(SinkSettings.ON_FAILURE),
                values.get(SinkSettings.RETRY_FOR_MS),
                values.get(SinkSettings.LINGER_MS),
                values.get(SinkSettings.START),
                values.get(SinkSettings.DEAD_LETTER));
    }
}
