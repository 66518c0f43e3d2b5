package io.pgcdc.pipeline;

import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.source.SourceSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Simulation} plays.
 *
 * @param kinds the sinks' targets
 * @param operated true if an operator steers the pipeline
 */
record SimulatedCourse(
        World world,
        ModelWal wal,
        ModelWorkload workload,
        List<ModelTarget.Kind> kinds,
        PipelineConfig config,
        SnapshotConfig snapshots,
        boolean operated) {

    /** Returns the name of a sink. */
    static String sink(int number) {
        return "sink" + number;
    }

    /** Returns the settings that all simulations share, with sinks that wait for so many milliseconds. */
    static PipelineFixture settings(List<Integer> lingerMs) {
        PipelineFixture fixture = new PipelineFixture("postgresql://model", "slot", Path.of("model"));
        for (int i = 0; i < lingerMs.size(); i++) {
            fixture.sink(sink(i), SettingValues.NONE.with(SinkSettings.LINGER_MS, (long) lingerMs.get(i)));
        }
        return fixture.set(SourceSettings.PUBLICATIONS, List.of("everything"))
                .set(SourceSettings.CREATE_SLOT, false)
                .set(SourceSettings.STATUS_INTERVAL_MS, 1_000L)
                .set(SourceSettings.RECEIVE_TIMEOUT_MS, 600_000L)
                .set(QueueSettings.MIN_FREE_BYTES, 1L)
                .set(PipelineSettings.MAX_ROW_BYTES, 1L << 20);
    }

    /** Returns a course of which everything is left to chance. */
    static SimulatedCourse atRandom(World world) {
        ModelWal wal = new ModelWal(world.chance);
        ModelWorkload workload = new RandomWorkload(world.chance, wal, 20 + world.chance.nextInt(60));
        List<ModelTarget.Kind> kinds = new ArrayList<>();
        List<Integer> lingerMs = new ArrayList<>();
        for (int sinks = 1 + world.chance.nextInt(3); sinks > 0; sinks--) {
            ModelTarget.Kind[] all = ModelTarget.Kind.values();
            kinds.add(all[world.chance.nextInt(all.length)]);
            lingerMs.add(world.chance.nextInt(50));
        }
        ConfirmPolicy[] policies = ConfirmPolicy.values();
        long segmentBytes = 1_000L + world.chance.nextInt(8_000);
        PipelineConfig config = settings(lingerMs)
                .set(SourceSettings.HEARTBEAT_INTERVAL_MS, world.chance.nextBoolean() ? 200L : 0)
                .set(QueueSettings.CONFIRM, policies[world.chance.nextInt(policies.length)])
                .set(QueueSettings.SEGMENT_BYTES, segmentBytes)
                .set(QueueSettings.SEGMENT_CHANGES, world.once(3) ? 1L + world.chance.nextInt(20) : 20_000)
                .set(QueueSettings.GATHER_MS, (long) world.chance.nextInt(30))
                .set(QueueSettings.FLUSH_INTERVAL_MS, (long) world.chance.nextInt(100))
                .set(QueueSettings.FLUSH_BYTES, world.once(3) ? 10_000L : 1 << 30)
                .set(QueueSettings.MAX_BYTES, world.once(3) ? 4 * segmentBytes : 0)
                .set(
                        QueueSettings.RETAIN_BYTES,
                        world.once(3) ? 2 * segmentBytes : world.once(4) ? 100 * segmentBytes : 0)
                .config();
        SnapshotConfig snapshots = new SnapshotConfig(
                world.once(3) ? SnapshotMode.INITIAL : SnapshotMode.NEVER,
                1 + world.chance.nextInt(2),
                8_192,
                0,
                world.once(3) ? 1 + world.chance.nextInt(100) : 0,
                0,
                false);
        return new SimulatedCourse(world, wal, workload, kinds, config, snapshots, true);
    }
}
