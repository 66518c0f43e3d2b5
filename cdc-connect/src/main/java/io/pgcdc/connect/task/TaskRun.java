package io.pgcdc.connect.task;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.connect.config.SourceSpec;
import io.pgcdc.connect.config.Wording;
import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.connect.record.RecordMaker;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.Retry;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.source.SourceConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs the pipeline of a task on a thread of its own. A pipeline that ends with an error that may pass is followed by another one, which continues
 * after the last record that was handed over.
 */
final class TaskRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

    private static final String SINK = "connect";
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final long LARGEST_SEGMENT = 1 << 20;
    private static final int SEGMENTS = 16;
    private static final long SEGMENT_CHANGES = 2_000;
    private static final int LONGEST_NAME = 63;
    private static final long CLOSING_MS = 4_500;

    private final SourceSpec spec;
    private final HandOver handOver;
    private final Supplier<Opened> opening;
    private final String connector;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Pipeline pipeline;
    private volatile @Nullable Opened opened;
    private final SnapshotOrders orders = new SnapshotOrders(this::order);
    private volatile @Nullable Throwable trouble;
    private final AtomicLong restarts = new AtomicLong();

    /** @param opening reads the offsets, and asks the server if it must */
    TaskRun(String connector, SourceSpec spec, HandOver handOver, Supplier<Opened> opening) {
        this.connector = connector;
        this.spec = spec;
        this.handOver = handOver;
        this.opening = opening;
        Map<String, String> context = MDC.getCopyOfContextMap();
        thread = new Thread(
                () -> {
                    if (context != null) {
                        MDC.setContextMap(context); // Kafka Connect's: connector and task
                    }
                    run();
                },
                "cdc/" + spec.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long pauseMs = FIRST_PAUSE_MS;
        while (stop.getCount() > 0) {
            long began = System.nanoTime();
            try {
                runOnce();
                return; // stopped, or nothing is left to read
            } catch (CdcException e) {
                if (e.retry() == Retry.NEVER) {
                    handOver.fail(e);
                    return;
                }
                if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) > LONGEST_PAUSE_MS) {
                    pauseMs = FIRST_PAUSE_MS;
                }
                trouble = e;
                restarts.incrementAndGet();
                LOG.warn("source {}: {} Trying again in {} ms.", spec.name(), Wording.of(e), pauseMs);
            } catch (HandOverEnded e) {
                return;
            } catch (Throwable e) {
                handOver.fail(e);
                return;
            }
            pause(pauseMs);
            pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        }
    }

    private void pause(long ms) {
        try {
            boolean unused = stop.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop.countDown();
        }
    }

    private void runOnce() {
        Opened known = opened;
        if (known == null) {
            known = opening.get();
            opened = known;
        }
        SourceState state = known.state();
        Outbox outbox = known.outbox();
        ConnectSink sink = new ConnectSink(
                outbox,
                source -> RecordMaker.create(connector, InstantSource.system(), spec.records(), source),
                state.stream(),
                spec.commitBytes() == 0,
                orders);
        Pipeline next = new Pipeline(config(), Map.of(SINK, sink));
        next.keepQueueIn(() -> new ConnectHome(state, outbox));
        next.takeSlotOver();
        next.whenStarted(() -> trouble = null);
        pipeline = next;
        if (stop.getCount() == 0) {
            next.control().stop();
        }
        next.run();
    }

    private void order(SnapshotRequest request) {
        Pipeline now = pipeline;
        if (now == null) {
            throw new IllegalStateException("no pipeline runs");
        }
        String unused = now.control().snapshot(request);
    }

    private PipelineConfig config() {
        SourceConfig source = named(spec.source(), applicationName(connector, spec.name()));
        long segment = Math.min(LARGEST_SEGMENT, spec.memoryBytes() / SEGMENTS);
        SettingValues queue = SettingValues.NONE
                .with(QueueSettings.DIR, Path.of(spec.name()))
                .with(QueueSettings.MAX_BYTES, spec.memoryBytes() / 2)
                .with(QueueSettings.SEGMENT_BYTES, segment)
                .with(QueueSettings.SEGMENT_CHANGES, SEGMENT_CHANGES);
        return new PipelineConfig(
                spec.name(),
                source,
                QueueConfig.of(queue, Path.of("").toAbsolutePath()),
                spec.maxRowBytes(),
                spec.snapshot().askedAtStart(),
                List.of(new SinkConfig(
                        SINK,
                        "connect",
                        DeliveryConfig.DEFAULT,
                        spec.route().withOrders(SnapshotOrders.PREFIX),
                        SettingValues.NONE)));
    }

    /** Returns the name of the source's connections on the server. A task that takes over ends those of its predecessor by it. */
    static String applicationName(String connector, String source) {
        String name = "pgcdc connect " + connector + "/" + source;
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    private static SourceConfig named(SourceConfig source, String name) {
        return source.at(source.address().with(ConnectionParameter.APPLICATION_NAME, name));
    }

    /** Returns the offsets once they are read; null before. Any thread. */
    @Nullable
    Opened opened() {
        return opened;
    }

    /** Returns the pipeline that runs now, or ran last; null: none began yet. Any thread. */
    @Nullable
    Pipeline pipeline() {
        return pipeline;
    }

    /** Returns why the last pipeline ended, until the next one streams; null: none did. Any thread. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    /** Returns how often a pipeline followed another one. Any thread. */
    long restarts() {
        return restarts.get();
    }

    /** Stops, and waits a few seconds for that. */
    @Override
    public void close() {
        stop.countDown();
        handOver.close();
        Pipeline now = pipeline;
        if (now != null) {
            now.control().stop();
        }
        try {
            thread.join(CLOSING_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
