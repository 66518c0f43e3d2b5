package io.pgcdc.pipeline;

import io.pgcdc.delivery.AllChanges;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The segments of a simulated queue, in memory. The disk may be full, and a power failure loses unsynced writes. */
final class ModelStore implements SegmentStore {

    private final World world;
    private final Judge judge;
    private final ModelWal wal;
    private final Supplier<Layouts> layouts;

    /** The rows of snapshots' chunks, by the index of their last segment. */
    private final NavigableMap<Long, List<ModelWal.Expected>> chunks = new TreeMap<>();

    /** The rows of the chunk that is being appended. */
    private final List<ModelWal.Expected> chunk = new ArrayList<>();

    /** End LSNs of commits, by the index of the segment that ends them. */
    private final NavigableMap<Long, Long> ends = new TreeMap<>();

    private MemorySegmentStore memory = new MemorySegmentStore();
    private boolean opened;
    private long lastFirst;

    /** Sizes of the parts of open transactions, which may never be completed. */
    private final NavigableMap<Long, Long> parts = new TreeMap<>();

    /** Bytes of whole transactions at the last check for space. */
    private long atLook;

    /** @param layouts those that are stored */
    ModelStore(World world, Judge judge, ModelWal wal, Supplier<Layouts> layouts) {
        this.wal = wal;
        this.layouts = layouts;
        this.world = world;
        this.judge = judge;
    }

    ModelStore open(long durableThrough) {
        if (opened) {
            memory = memory.reopen(durableThrough);
            ends.tailMap(memory.lastIndex(), false).clear();
            Map<Long, List<ModelWal.Expected>> gone = chunks.tailMap(memory.lastIndex(), false);
            gone.values().forEach(wal::lost);
            gone.clear();
            chunk.clear();
        }
        opened = true;
        return this;
    }

    /** Notes the end of the process. Its writes survive. */
    void endProcess() {
        memory.close();
    }

    /** Returns what the next process would find. Call it after the end of a process. */
    SegmentStore content() {
        return memory.reopen(memory.lastIndex());
    }

    void losePower() {
        memory.crash(new Random(world.chance.nextLong()));
    }

    /** Returns the end of the last commit that is durable here. */
    long durableEndLsn() {
        Map.Entry<Long, Long> last = ends.floorEntry(memory.durableIndex());
        return last == null ? 0 : last.getValue();
    }

    @Override
    public long append(SegmentBuilder sealed) {
        world.tick();
        judge.stored(sealed.sealedLength(), atLook);
        if (world.mishap(400)) {
            memory.setFull(true);
        }
        long index = memory.append(sealed);
        SegmentKind kind = sealed.header().kind();
        if (kind.isChunk()) {
            appendedOfChunk(index);
        } else if (kind.endsTransaction()) {
            ends.put(index, sealed.header().lastCommitEndLsn());
            if (kind == SegmentKind.LAST) {
                parts.tailMap(lastFirst).clear();
            }
        } else {
            parts.put(index, (long) sealed.sealedLength());
            lastFirst = kind == SegmentKind.FIRST ? index : lastFirst;
        }
        world.tick();
        return index;
    }

    /** A chunk comes to the sinks whole, or not at all. */
    private void appendedOfChunk(long index) {
        SegmentView segment = new SegmentView();
        memory.load(index, segment);
        SegmentHeader header = segment.header();
        Layouts stored = layouts.get();
        AllChanges.of(
                segment,
                stored::byVersion,
                change -> chunk.add(new ModelWal.Expected(
                        change.position(),
                        ModelTarget.text(change),
                        change.position().commitLsn(),
                        false)));
        if (header.kind().endsTransaction()) {
            ModelWal.Expected last = chunk.remove(chunk.size() - 1);
            chunk.add(new ModelWal.Expected(last.position(), last.text(), last.end(), true));
            wal.appended(chunk);
            chunks.put(index, List.copyOf(chunk));
            chunk.clear();
        }
    }

    @Override
    public boolean reserve() {
        world.tick();
        atLook = memory.storedBytes()
                - parts.tailMap(memory.firstIndex()).values().stream()
                        .mapToLong(b -> b)
                        .sum();
        memory.setFull(world.mishap(40));
        return memory.reserve();
    }

    @Override
    public void sync() {
        world.tick();
        memory.sync();
        world.tick();
    }

    @Override
    public long lastIndex() {
        return memory.lastIndex();
    }

    @Override
    public long durableIndex() {
        return memory.durableIndex();
    }

    @Override
    public long firstIndex() {
        return memory.firstIndex();
    }

    @Override
    public SegmentReader reader(long fromIndexInclusive) {
        return memory.reader(fromIndexInclusive);
    }

    @Override
    public void releaseBefore(long index, long keepBytes) {
        world.tick();
        memory.releaseBefore(index, keepBytes);
    }

    @Override
    public long storedBytes() {
        return memory.storedBytes();
    }

    @Override
    public long place(long index) {
        return memory.place(index);
    }

    @Override
    public void close() {
        memory.close();
    }
}
