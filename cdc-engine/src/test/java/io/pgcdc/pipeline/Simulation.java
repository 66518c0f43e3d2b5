package io.pgcdc.pipeline;

import io.pgcdc.capture.Capture;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Position;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.sink.Sink;
import io.pgcdc.snapshot.Ledger;
import io.pgcdc.snapshot.ModelSnapshotServer;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.snapshot.SnapshotParts;
import io.pgcdc.snapshot.Snapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A history of one capture, made from a {@link SimulatedCourse}: capture, queue and delivery as they are, over a model of everything around
 * them. Several processes, one after the other, are killed, stopped or cut off from power, and meet failing targets, lost
 * connections, full disks and an operator; the last one meets only the operator, and must come to the end.
 */
final class Simulation {

    /** Errors that may end a process that was not killed. */
    private static final Set<ErrorCode> DEFENSIBLE =
            Set.of(ErrorCode.QUEUE_FULL, ErrorCode.QUEUE_IO, ErrorCode.SINK_CLOSED);

    private final World world;
    private final ModelWal wal;
    private final ModelServer server;
    private final List<ModelTarget> targets = new ArrayList<>();
    private final PipelineConfig config;
    private final Judge judge;
    private final ModelStorage storage;
    private final SnapshotConfig snapshots;
    private final boolean operated;

    /** True if the process ends when it has everything, without being told to. */
    private boolean finishing;

    /** What the slot's snapshot shows; null: the slot does not exist yet. */
    private @Nullable String slotSnapshot;

    private @Nullable ModelWorkers workers;
    private int fed;
    private final Map<World.End, Integer> ends = new EnumMap<>(World.End.class);

    Simulation(SimulatedCourse course) {
        world = course.world();
        wal = course.wal();
        server = new ModelServer(world, wal, course.workload());
        for (int i = 0; i < course.kinds().size(); i++) {
            targets.add(new ModelTarget(world, wal, course.kinds().get(i), SimulatedCourse.sink(i)));
        }
        operated = course.operated();
        config = course.config();
        snapshots = course.snapshots();
        judge = new Judge(
                world,
                wal,
                config.queue().confirm(),
                config.queue().segmentBytes(),
                config.queue().maxBytes(),
                targets);
        storage = new ModelStorage(world, wal, judge, targets);
        judge.watch(storage);
    }

    /** Counts of a run's events, for figures. */
    record Outcome(
            int changes,
            int processes,
            int rewinds,
            int retries,
            int replays,
            int deathsPaused,
            int deathsInReplay,
            int switches,
            int fed,
            Map<World.End, Integer> ends) {}

    /**
     * Plays one random history to its end.
     *
     * @throws AssertionError a promise was broken
     */
    static Outcome play(long seed) {
        World world = new World(seed);
        Simulation simulation = new Simulation(SimulatedCourse.atRandom(world));
        int processes = 1 + world.chance.nextInt(6);
        for (int i = 0; i < processes; i++) {
            World.End[] ways = World.End.values();
            simulation.process(ways[1 + world.chance.nextInt(ways.length - 1)], 1 + world.chance.nextInt(1_500));
        }
        simulation.finish();
        return simulation.outcome(processes + 1);
    }

    /** Runs the last process, which must come to the end, and checks that nothing is missing. */
    void finish() {
        server.finish();
        long last = wal.end();
        finishing = true;
        // a death that was planned for the process before, which ended earlier, does not come in this one
        world.begin(World.End.CAUGHT_UP, 0, () -> {}, List.of());
        process(World.End.CAUGHT_UP, 0);
        for (ModelTarget target : targets) {
            int all = wal.expected().size();
            if (target.has() != all || target.given() != all) {
                throw new AssertionError(target.name() + " has " + target.has() + " changes of " + all
                        + ", and was given all up to " + target.given());
            }
        }
        // also the WAL after the last change
        if (judge.told() < last) {
            throw new AssertionError("acknowledged " + judge.told() + " of a WAL that ended at " + last);
        }
        requireTable();
        List<Position> expected = wal.expected().stream()
                .filter(change -> !change.text().startsWith("RECONCILE"))
                .map(ModelWal.Expected::position)
                .toList();
        fed = new ModelFeed(storage.store().content(), storage.relations(), world.chance).require(expected);
    }

    /** Returns true if all that is in the WAL was delivered and acknowledged. */
    boolean isDone() {
        int all = wal.expected().size();
        return targets.stream().allMatch(t -> t.has() == all && t.given() == all) && judge.told() >= wal.end();
    }

    /** Returns the model of the server. */
    ModelServer server() {
        return server;
    }

    private Outcome outcome(int processes) {
        return new Outcome(
                wal.expected().size(),
                processes,
                targets.stream().mapToInt(ModelTarget::rewinds).sum(),
                targets.stream().mapToInt(ModelTarget::retries).sum(),
                targets.stream().mapToInt(ModelTarget::replays).sum(),
                targets.stream().mapToInt(ModelTarget::deathsPaused).sum(),
                targets.stream().mapToInt(ModelTarget::deathsInReplay).sum(),
                storage.confirms().switches(),
                fed,
                ends);
    }

    /** Runs a process that ends when it has done all, or because something failed. Writes all of the workload first. */
    void processUntilCaughtUp() {
        slotSnapshot = server.createSlot();
        server.finish();
        finishing = true;
        process(World.End.STOPPED, Long.MAX_VALUE);
    }

    /** Runs one process, from its start to its end. */
    void process(World.End end, long steps) {
        Lifecycle lifecycle = new Lifecycle(world);
        ends.merge(end, 1, Integer::sum);
        try {
            run(end, steps, lifecycle);
        } catch (ModelDeath death) {
            // handled below
        }
        world.rethrow();
        if (world.isDead()) {
            ModelWorkers had = workers;
            if (had != null) {
                had.kill();
            }
            world.revive();
            targets.forEach(ModelTarget::processDied);
            if (end == World.End.POWER_LOST) {
                storage.losePower();
                return;
            }
        } else {
            requireDefensible(end, lifecycle);
        }
        storage.endProcess();
    }

    private void requireDefensible(World.End end, Lifecycle lifecycle) {
        try {
            lifecycle.rethrow();
        } catch (CdcException e) {
            if (end == World.End.CAUGHT_UP || !DEFENSIBLE.contains(e.code())) {
                throw new AssertionError("the run ended with " + e.describe(), e);
            }
            // the target's connection ends with the run, not with the process
            targets.forEach(ModelTarget::processDied);
        }
    }

    /** The real run, over models of the server, the disk and the threads. */
    private void run(World.End end, long steps, Lifecycle lifecycle) {
        Map<String, Sink> sinks = new LinkedHashMap<>();
        targets.forEach(
                t -> sinks.put(t.name(), t.connect(storage.sink(t.name()).current())));
        Inboxes inboxes = Inboxes.of(sinks.keySet());
        server.readingPaused(false);
        try (Closing closing = new Closing()) {
            OpenQueue queue = OpenQueue.open(storage, config, closing, world);
            SnapshotStart.Way way = decide(queue.isNew());
            Start.decide(queue.isNew(), null, null, false).apply(queue, server.confirmed(), 1);
            Snapshots found = closing.add(open(way, queue, lifecycle));
            List<World.Actor> others = operated
                    ? List.of(server, new ModelOperator(world, wal, server, storage, inboxes, found, targets))
                    : List.of(server);
            world.begin(end, steps, lifecycle::stop, others);
            ModelWorkers started = new ModelWorkers(world, () -> server.readingPaused(false));
            workers = started;
            new PipelineRun(config, new ModelSource(server, judge, found), queue, lifecycle, inboxes, closing)
                    .run(sinks, name -> target(name).reconnect(), started, listener());
        } catch (SourceException e) {
            // no server answered at the start
        } finally {
            inboxes.close("the run has ended");
        }
    }

    private ModelTarget target(String name) {
        return targets.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    /** Decides how rows are read, as a start does, and creates the slot. */
    private SnapshotStart.Way decide(boolean queueIsNew) {
        Ledger ledger = Ledger.open(storage.ledgers().initial());
        SnapshotStart.Way way =
                SnapshotStart.decide(snapshots, ledger.phase(), slotSnapshot != null, queueIsNew, "model", "model");
        if (way != SnapshotStart.Way.NONE && ledger.phase() == null) {
            ledger.intend();
        }
        if (slotSnapshot == null) {
            slotSnapshot = server.createSlot();
        }
        return way;
    }

    private Snapshots open(SnapshotStart.Way way, OpenQueue queue, Lifecycle lifecycle) {
        List<String> names = targets.stream().map(ModelTarget::name).toList();
        SnapshotParts parts = new ModelSnapshotServer(wal.database(), world).parts(names, snapshots, lifecycle);
        Snapshots found = Snapshots.open(
                parts,
                storage.ledgers(),
                queue.store(),
                queue.relations(),
                queue.checkpointIndex(),
                way != SnapshotStart.Way.NONE);
        Ledger ledger = Ledger.open(storage.ledgers().initial());
        String exported = slotSnapshot;
        if (way == SnapshotStart.Way.EXPORTED && exported != null) {
            found.take(ledger, exported, server.confirmed());
        } else if (way == SnapshotStart.Way.STREAMED) {
            found.resume(ledger, queue.store(), queue.relations(), queue.checkpointIndex());
        }
        return found;
    }

    /** Checks that a snapshot and the changes give the table. */
    private void requireTable() {
        boolean begun = snapshots.mode() == SnapshotMode.INITIAL;
        if (begun && storage.ledgers().finished() == 0) {
            throw new AssertionError("the snapshot was not finished");
        }
        if (storage.ledgers().finished() > 0) {
            Map<String, String> has = Replay.table(wal.expected());
            Map<String, String> table = wal.database().table();
            if (!has.equals(table)) {
                throw new AssertionError("the table is " + table + ", the sinks have " + has);
            }
        }
    }

    private PipelineRun.Listener listener() {
        return new PipelineRun.Listener() {
            @Override
            public void streaming(Capture capture, Acknowledgement acknowledgement) {
                if (finishing) {
                    capture.finishAt(wal.end());
                }
            }

            @Override
            public void running() {}
        };
    }
}
