package io.pgcdc.golden;

import io.pgcdc.capture.Packing;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.MemoryLayoutLog;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A capture as the queue holds it, packed as capture packs it. */
public final class GoldenSegments {

    private final Layouts layouts = Layouts.open(new MemoryLayoutLog());
    private final List<byte[]> segments = new ArrayList<>();

    /** The layout that the capture has for the Relation message that is being packed. */
    private @Nullable Relation layout;

    private GoldenSegments() {}

    /** Packs a capture's frames. */
    public static GoldenSegments of(GoldenCapture capture) {
        GoldenSegments golden = new GoldenSegments();
        try (MemorySegmentStore store = new MemorySegmentStore()) {
            golden.pack(capture, new Packing(store, golden.layouts, (message, xid) -> golden.layout()));
            store.sync();
            golden.read(store);
        }
        return golden;
    }

    private void pack(GoldenCapture capture, Packing packing) {
        GoldenItem.Frame relation = null;
        for (GoldenItem item : capture.items()) {
            if (item instanceof GoldenItem.Frame frame && frame.type() == PgOutput.RELATION) {
                relation = frame; // its layout follows
            } else if (item instanceof GoldenItem.Frame frame) {
                packing.frame(frame.lsn(), frame.sentMicros(), frame.bytes());
            } else if (item instanceof GoldenItem.Layout found && relation != null) {
                layout = found.relation();
                packing.frame(relation.lsn(), relation.sentMicros(), relation.bytes());
            }
        }
        packing.end();
    }

    private Relation layout() {
        Relation current = layout;
        if (current == null) {
            throw new IllegalStateException("a Relation message without its layout");
        }
        return current;
    }

    private void read(SegmentStore store) {
        SegmentView view = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.next(view)) {
                segments.add(Arrays.copyOf(view.array(), view.length()));
            }
        }
    }

    /** Returns the segments' bytes, in order. */
    public List<byte[]> bytes() {
        return segments;
    }

    /**
     * Returns the layout that a relation version frame names.
     *
     * @throws io.pgcdc.error.QueueException QUEUE_DAMAGED: there is no such version
     */
    public Relation relation(int version) {
        return layouts.byVersion(version);
    }

    /** Returns the change records in the native format, a line each. */
    public String nativeLines() {
        SegmentView loaded = new SegmentView();
        SegmentBatch batch = new SegmentBatch(loaded, this::relation);
        NativeFormat format = new NativeFormat();
        JsonBuffer lines = new JsonBuffer();
        for (byte[] segment : segments) {
            loaded.load(segment, 0, segment.length, "golden capture");
            batch.forEach(change -> {
                format.append(change, lines);
                lines.appendByte('\n');
            });
        }
        return lines.toString();
    }
}
