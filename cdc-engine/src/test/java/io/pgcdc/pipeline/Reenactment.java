package io.pgcdc.pipeline;

import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotMode;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A scripted history that is played once for each moment at which it can go wrong. A process is killed at its first step, then at its second, and
 * so on until it has done all it had to do. After that, each thing that can fail once fails once: the connection at each read, each write of
 * a target, the disk. The next process must bring everything to the end, each change once.
 */
final class Reenactment {

    /** Orders in which the threads take turns. Each has other settings. */
    private static final int SCHEDULES = Soak.count(6, 300);

    /** More steps than a process needs for any case. */
    private static final int MOST_STEPS = 3_000;

    private final Consumer<ModelScript> first;
    private final Consumer<ModelScript> meanwhile;
    private long segmentBytes = 100_000;
    private long segmentChanges = 20_000;
    private int sinks = 1;
    private boolean silentKeepalives;
    private int kills;
    private int failures;

    private Reenactment(Consumer<ModelScript> first, Consumer<ModelScript> meanwhile) {
        this.first = first;
        this.meanwhile = meanwhile;
    }

    /**
     * Makes a case.
     *
     * @param first is written while the first process runs
     * @param meanwhile is written between the two processes
     */
    static Reenactment of(Consumer<ModelScript> first, Consumer<ModelScript> meanwhile) {
        return new Reenactment(first, meanwhile);
    }

    /** Cuts transactions into segments of so many changes at most. */
    Reenactment segmentChanges(int changes) {
        segmentChanges = changes;
        return this;
    }

    /** Cuts transactions into segments of about so many bytes. */
    Reenactment segmentBytes(int bytes) {
        segmentBytes = bytes;
        return this;
    }

    /** Has the server's keepalives say nothing of the WAL's end: only what is in the stream moves the slot. */
    Reenactment silentKeepalives() {
        silentKeepalives = true;
        return this;
    }

    Reenactment sinks(int number) {
        sinks = number;
        return this;
    }

    /**
     * Plays them all.
     *
     * @throws AssertionError a change is missing, comes twice or out of order, or another promise is broken
     */
    void play() {
        for (int schedule = 0; schedule < SCHEDULES; schedule++) {
            int step = 1;
            while (!killedAt(schedule, step)) {
                if (++step > MOST_STEPS) {
                    throw new AssertionError("schedule " + schedule + ": not all was delivered and acknowledged after "
                            + MOST_STEPS + " steps");
                }
            }
            int occasion = 1;
            while (failingAt(schedule, occasion)) {
                occasion++;
            }
            kills += step;
            failures += occasion - 1;
        }
        if (kills < 20 * SCHEDULES || failures < 5 * SCHEDULES) {
            throw new AssertionError("only " + kills + " kills and " + failures + " failures");
        }
    }

    /** Returns true if the process had nothing left to do when it died. */
    private boolean killedAt(int schedule, int step) {
        return QuietLog.during("schedule " + schedule + ", killed at step " + step, () -> {
            World world = new World(schedule);
            world.failOnlyAt(0);
            ModelWal wal = new ModelWal(world.chance);
            ModelScript script = new ModelScript(wal);
            first.accept(script);
            Simulation simulation = simulation(schedule, world, wal, script);
            simulation.process(schedule % 2 == 0 ? World.End.KILLED : World.End.POWER_LOST, step);
            boolean all = !script.hasMore() && simulation.isDone();
            rest(simulation, script, step % 2 == 0);
            return all;
        });
    }

    /** Returns true if something failed: there are as many occasions to. */
    private boolean failingAt(int schedule, int occasion) {
        return QuietLog.during("schedule " + schedule + ", failing at occasion " + occasion, () -> {
            World world = new World(schedule);
            ModelWal wal = new ModelWal(world.chance);
            ModelScript script = new ModelScript(wal);
            first.accept(script);
            Simulation simulation = simulation(schedule, world, wal, script);
            world.failOnlyAt(occasion);
            simulation.processUntilCaughtUp();
            boolean failed = world.hasFailed();
            world.failOnlyAt(0);
            rest(simulation, script, occasion % 2 == 0);
            return failed;
        });
    }

    /** The server may crash, and then the slot stands where its disk has it: what was sent comes again. */
    private void rest(Simulation simulation, ModelScript script, boolean crash) {
        while (script.hasMore()) {
            script.work();
        }
        meanwhile.accept(script);
        if (crash) {
            simulation.server().crash();
        }
        simulation.finish();
    }

    private Simulation simulation(int schedule, World world, ModelWal wal, ModelScript script) {
        ModelTarget.Kind[] kinds = ModelTarget.Kind.values();
        ConfirmPolicy[] policies = ConfirmPolicy.values();
        PipelineConfig config = SimulatedCourse.settings(Collections.nCopies(sinks, 0))
                .set(QueueSettings.CONFIRM, policies[(schedule + schedule / kinds.length) % policies.length])
                .set(QueueSettings.SEGMENT_BYTES, segmentBytes)
                .set(QueueSettings.SEGMENT_CHANGES, segmentChanges)
                .set(QueueSettings.GATHER_MS, 0L)
                .set(QueueSettings.FLUSH_INTERVAL_MS, 0L)
                .set(QueueSettings.FLUSH_BYTES, 1L << 30)
                .config();
        SnapshotConfig none = new SnapshotConfig(SnapshotMode.NEVER, 1, 8_192, 0, 0, 0, false);
        List<ModelTarget.Kind> targets = IntStream.range(schedule, schedule + sinks)
                .mapToObj(i -> kinds[i % kinds.length])
                .toList();
        Simulation simulation = new Simulation(new SimulatedCourse(world, wal, script, targets, config, none, false));
        simulation.server().silentKeepalives(silentKeepalives);
        return simulation;
    }
}
