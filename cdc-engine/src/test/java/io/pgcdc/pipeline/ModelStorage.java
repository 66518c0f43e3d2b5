package io.pgcdc.pipeline;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.queue.GapLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.disk.LayoutFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The queue directory of a simulated process; only the layouts lie in a real file. */
final class ModelStorage implements QueueStorage {

    private final Path relationsFile;
    private final ModelStore store;
    private final ModelCheckpoint<CaptureCheckpoint> capture;
    private final Map<String, ModelCheckpoint<SinkCheckpoint>> sinks = new LinkedHashMap<>();
    private @Nullable Layouts relations;

    ModelStorage(World world, Judge judge, Path relationsFile, Iterable<ModelTarget> targets) {
        this.relationsFile = relationsFile;
        store = new ModelStore(world, judge);
        capture = new ModelCheckpoint<>(world, checkpoint -> {});
        for (ModelTarget target : targets) {
            sinks.put(target.name(), new ModelCheckpoint<>(world, target::checkpointed));
        }
    }

    ModelStore store() {
        return store;
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
        closeRelations();
    }

    void losePower() {
        store.losePower();
        capture.losePower();
        sinks.values().forEach(ModelCheckpoint::losePower);
        closeRelations();
    }

    private void closeRelations() {
        Layouts open = relations;
        if (open != null) {
            open.close();
        }
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
        Layouts open = Layouts.open(LayoutFile.open(relationsFile));
        relations = open;
        return open;
    }

    @Override
    public GapLog gaps() {
        throw new UnsupportedOperationException("no gap is ever accepted");
    }

    @Override
    public DeadLetterLog deadLetters(String sink) {
        throw new UnsupportedOperationException("no change is ever refused");
    }
}
