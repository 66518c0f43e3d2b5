package io.pgcdc.pipeline;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.queue.GapLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.MemoryLayoutLog;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** The queue directory of a simulated machine. */
final class ModelStorage implements QueueStorage {

    private final MemoryLayoutLog layouts = new MemoryLayoutLog();
    private final ModelStore store;
    private final ModelCheckpoint<CaptureCheckpoint> capture;
    private final Map<String, ModelCheckpoint<SinkCheckpoint>> sinks = new LinkedHashMap<>();

    private final ModelLedgers ledgers;
    private final ModelConfirmLog confirms;
    private final World world;

    ModelStorage(World world, ModelWal wal, Judge judge, Iterable<ModelTarget> targets) {
        this.world = world;
        ledgers = new ModelLedgers(world);
        confirms = new ModelConfirmLog(world);
        store = new ModelStore(world, judge, wal, this::relations);
        capture = new ModelCheckpoint<>(world, checkpoint -> {});
        for (ModelTarget target : targets) {
            sinks.put(target.name(), new ModelCheckpoint<>(world, target::checkpointed));
        }
    }

    ModelStore store() {
        return store;
    }

    ModelLedgers ledgers() {
        return ledgers;
    }

    ModelCheckpoint<CaptureCheckpoint> capture() {
        return capture;
    }

    ModelCheckpoint<SinkCheckpoint> sink(String name) {
        ModelCheckpoint<SinkCheckpoint> found = sinks.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name);
        }
        return found;
    }

    void endProcess() {
        store.endProcess();
    }

    void losePower() {
        store.losePower();
        capture.losePower();
        sinks.values().forEach(ModelCheckpoint::losePower);
    }

    @Override
    public Checkpoint<CaptureCheckpoint> captureCheckpoint() {
        return capture.open();
    }

    @Override
    public Checkpoint<SinkCheckpoint> sinkCheckpoint(String sink) {
        return sink(sink).open();
    }

    @Override
    public SegmentStore segments(long fileBytes, long durableThrough) {
        return store.open(durableThrough);
    }

    @Override
    public Layouts relations() {
        return Layouts.open(layouts);
    }

    @Override
    public ModelConfirmLog confirms() {
        return confirms;
    }

    @Override
    public GapLog gaps() {
        throw new UnsupportedOperationException("no gap is ever accepted");
    }

    @Override
    public DeadLetterLog deadLetters(String sink) {
        throw new UnsupportedOperationException("no change is ever refused");
    }

    @Override
    public long freeBytes() {
        return world.mishap(6) ? 0 : Long.MAX_VALUE;
    }
}
