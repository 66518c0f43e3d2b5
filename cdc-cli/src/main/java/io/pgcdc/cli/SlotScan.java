package io.pgcdc.cli;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset;
import io.pgcdc.sinks.kafka.delivery.PlaceFinder;
import io.pgcdc.sinks.kafka.delivery.SlotFacts;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.source.SlotAtStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The result of reading a slot with a temporary queue, without moving the slot.
 *
 * @param place the offset's place in the slot's stream
 * @param slot the slot when it was read
 */
record SlotScan(PlaceFinder place, SlotFacts slot) {

    private static final String SINK = "adopt";

    /** Reads the slot until the change of an offset is found, or to its end. */
    static SlotScan find(PipelineConfig config, DebeziumOffset offset) {
        requireNoQueue(config.queue().dir());
        try {
            Path dir = Files.createTempDirectory("pgcdc-adopt-");
            try {
                return find(config, offset, dir);
            } catch (RuntimeException | Error e) {
                if (StopSignal.explains(e)) {
                    throw stopped(config);
                }
                throw e;
            } finally {
                delete(dir);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SlotScan find(PipelineConfig config, DebeziumOffset offset, Path dir) {
        Pipeline[] scan = new Pipeline[1];
        PlaceFinder place = new PlaceFinder(offset, () -> scan[0].control().stop());
        scan[0] = new Pipeline(
                new PipelineConfig(
                        config.name(),
                        config.source().readOnly(),
                        config.queue().temporary(dir),
                        config.maxRowBytes(),
                        SnapshotConfig.NEVER,
                        List.of()),
                Map.of(SINK, place));
        AtomicBoolean stopped = new AtomicBoolean();
        StopSignal.onCancel(() -> {
            stopped.set(true);
            scan[0].control().stop();
        });
        scan[0].leaveSlot();
        scan[0].control().stopWhenCaughtUp();
        scan[0].run();
        SlotAtStart slot = scan[0].slotAtStart();
        if (stopped.get() || slot == null) {
            throw stopped(config);
        }
        return new SlotScan(place, new SlotFacts(config.source().slot(), slot.confirmedFlushLsn(), slot.walEndLsn()));
    }

    /** Returns the error of a stop. Here a stop is not a good end: the next step must not start. */
    private static SinkException stopped(PipelineConfig config) {
        return new SinkException(
                ErrorCode.TAKEOVER_REFUSED,
                "adopting was stopped while slot \"" + config.source().slot()
                        + "\" was read; nothing was written. Run the command again.");
    }

    private static void requireNoQueue(Path dir) {
        try (Stream<Path> files = Files.isDirectory(dir) ? Files.list(dir) : Stream.empty()) {
            if (files.findAny().isPresent()) {
                throw new SinkException(
                        ErrorCode.TAKEOVER_REFUSED,
                        "queue directory " + dir + " is not empty: its changes do not begin at the slot's LSN."
                                + " Give another directory, or remove this one if you do not need it.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path dir) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(dir)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
