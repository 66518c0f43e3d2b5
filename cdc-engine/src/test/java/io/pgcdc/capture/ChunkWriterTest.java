package io.pgcdc.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.decode.FrameHead;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.ChunkLabel;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.memory.MemoryLayouts;
import io.pgcdc.queue.memory.MemorySegments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chunks in a queue in memory, which a sink may read as soon as they are appended. */
class ChunkWriterTest {

    private static final long LSN = 500;

    private final MemorySegments store = new MemorySegments();
    private final QueueProgress progress = new QueueProgress(new QueueProgress.Mark(SegmentStore.NONE, LSN, LSN), true);
    private final List<String> events = new ArrayList<>();

    /** Otherwise a sink hands the rows over without the ledger's note of them, and a task that is killed then reads them again. */
    @Test
    void aChunkIsNotedBeforeItMayBeRead() {
        ChunkWriter writer = new ChunkWriter(store, progress, Layouts.open(new MemoryLayouts()), 1 << 20, 100, 0, null);
        for (int number = 1; number <= 2; number++) {
            Chunk chunk = chunk(number);
            long readable = progress.readableIndex();
            writer.append(chunk, LSN, 0, index -> {
                chunk.rows().clear();
                events.add("noted " + (index == store.lastIndex()) + " " + (progress.readableIndex() == readable));
            });
            events.add("readable " + (progress.readableIndex() == store.lastIndex()));
        }
        assertEquals(List.of("noted true true", "readable true", "noted true true", "readable true"), events);
        assertEquals(2, progress.captured().total());
    }

    private static Chunk chunk(int number) {
        byte[] relation = Frames.relation(CaptureFixture.USERS, "users", "id");
        Relation layout = CaptureFixture.layout(
                new PgOutputDecoder(PgOutput.VERSION)
                        .relation(new FrameHead().wrap(0, 0, relation, 0, relation.length)),
                0);
        byte[] row = Frames.insert(CaptureFixture.USERS, "a");
        ChunkRows rows = new ChunkRows();
        rows.add(row, row.length);
        return new Chunk(number, layout, new ChunkLabel("initial", List.of(), "row"), rows);
    }
}
