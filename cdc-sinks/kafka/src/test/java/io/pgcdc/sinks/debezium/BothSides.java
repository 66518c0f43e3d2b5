package io.pgcdc.sinks.debezium;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How Debezium's engine and ours are set to make the same records. */
record BothSides(String name, DebeziumOptions ours, Map<String, String> theirs) {

    BothSides {
        ours = new DebeziumOptions(
                "shop_" + name,
                ours.database(),
                ours.schemas(),
                ours.decimals(),
                ours.times(),
                ours.intervals(),
                ours.hstore(),
                ours.binary(),
                ours.unavailable(),
                ours.keyColumns(),
                ours.clockMicros());
    }

    /**
     * Returns the settings to compare. Each has a prefix of its own: two engines with one prefix in one JVM wait for each other's JMX names.
     *
     * @param all false for the defaults only
     */
    static List<BothSides> settings(String database, boolean all) {
        DebeziumOptions defaults = DebeziumOptions.defaults("", database);
        Map<String, String> plain =
                Map.of("key.converter.schemas.enable", "false", "value.converter.schemas.enable", "false");
        List<BothSides> settings = new ArrayList<>(List.of(new BothSides("plain", defaults, plain)));
        if (all) {
            settings.add(new BothSides(
                    "schemas",
                    with(
                            defaults,
                            true,
                            DecimalMode.PRECISE,
                            TimePrecision.ADAPTIVE,
                            IntervalMode.NUMERIC,
                            HstoreMode.JSON,
                            BinaryMode.BYTES),
                    Map.of()));
            settings.add(new BothSides(
                    "modes_1",
                    with(
                            defaults,
                            true,
                            DecimalMode.DOUBLE,
                            TimePrecision.ADAPTIVE_TIME_MICROSECONDS,
                            IntervalMode.STRING,
                            HstoreMode.MAP,
                            BinaryMode.BASE64),
                    Map.of(
                            "decimal.handling.mode", "double",
                            "time.precision.mode", "adaptive_time_microseconds",
                            "interval.handling.mode", "string",
                            "hstore.handling.mode", "map",
                            "binary.handling.mode", "base64")));
            settings.add(new BothSides(
                    "modes_2",
                    with(
                            defaults,
                            true,
                            DecimalMode.STRING,
                            TimePrecision.CONNECT,
                            IntervalMode.NUMERIC,
                            HstoreMode.JSON,
                            BinaryMode.HEX),
                    Map.of(
                            "decimal.handling.mode", "string",
                            "time.precision.mode", "connect",
                            "binary.handling.mode", "hex")));
            settings.add(new BothSides(
                    "modes_3",
                    with(
                            defaults,
                            true,
                            DecimalMode.PRECISE,
                            TimePrecision.ISOSTRING,
                            IntervalMode.NUMERIC,
                            HstoreMode.MAP,
                            BinaryMode.BASE64_URL_SAFE),
                    Map.of(
                            "time.precision.mode", "isostring",
                            "hstore.handling.mode", "map",
                            "binary.handling.mode", "base64-url-safe")));
        }
        return settings;
    }

    private static DebeziumOptions with(
            DebeziumOptions defaults,
            boolean schemas,
            DecimalMode decimals,
            TimePrecision times,
            IntervalMode intervals,
            HstoreMode hstore,
            BinaryMode binary) {
        return new DebeziumOptions(
                defaults.prefix(),
                defaults.database(),
                schemas,
                decimals,
                times,
                intervals,
                hstore,
                binary,
                defaults.unavailable(),
                defaults.keyColumns(),
                defaults.clockMicros());
    }
}
