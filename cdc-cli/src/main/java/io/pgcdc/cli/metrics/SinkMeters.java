package io.pgcdc.cli.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.pgcdc.sink.SinkMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A sink's own metrics, as meters of the process. Any thread. */
final class SinkMeters implements SinkMetrics {

    private static final String PREFIX = "pgcdc.sink.";

    /** Bounds of the buckets of durations: from a local sink's to a sink that was away for a day. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        Duration.ofDays(1)
    };

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    SinkMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    private static String help(String name) {
        return "Of the sink: " + name.replace('_', ' ');
    }

    @Override
    public Counter counter(String name) {
        return counters.computeIfAbsent(name, key -> {
            io.micrometer.core.instrument.Counter counter = io.micrometer.core.instrument.Counter.builder(PREFIX + key)
                    .description(help(key))
                    .tags(tags)
                    .register(registry);
            return counter::increment;
        });
    }

    @Override
    public void gauge(String name, LongSupplier value) {
        if (gauges.put(name, value) == null) {
            Gauge.builder(
                            PREFIX + name,
                            gauges,
                            all -> all.getOrDefault(name, () -> 0).getAsLong())
                    .description(help(name))
                    .tags(tags)
                    .register(registry);
        }
    }

    @Override
    public Timer timer(String name) {
        return timers.computeIfAbsent(name, key -> {
            io.micrometer.core.instrument.Timer timer = io.micrometer.core.instrument.Timer.builder(PREFIX + key)
                    .tags(tags)
                    .description(help(key))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
            return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
        });
    }
}
