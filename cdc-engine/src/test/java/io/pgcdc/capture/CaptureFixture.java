package io.pgcdc.capture;

import io.pgcdc.decode.RelationMessage;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.delivery.Tailer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.disk.ChronicleSegmentStore;
import io.pgcdc.queue.disk.LayoutFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Capture without a server: takes messages, stores segments in a real store, and reads the changes through a tailer. */
public final class CaptureFixture implements AutoCloseable {

    static final int SEGMENT_BYTES = 4_096;
    static final int SEGMENT_CHANGES = 100;
    static final int MAX_ROW_BYTES = 10_000;

    /** Oid of the table that {@link #relation} describes. */
    static final int USERS = 16_385;

    public final SegmentStore store;
    public final Layouts relations;
    public final QueueProgress progress;
    final Acknowledgement acknowledgement;
    final PackedSegment segment;
    final SegmentWriter writer;
    final Windows windows;
    WindowFeed feed = WindowFeed.NONE;
    private long wal = 1_000;

    public CaptureFixture(Path directory) {
        this(directory, 0, 0);
    }

    /** Continues with the queue that an earlier fixture left in the directory. */
    CaptureFixture(Path directory, long lastCommitLsn, long lastMessageLsn) {
        try {
            Files.createDirectories(directory.resolve("segments"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store = ChronicleSegmentStore.open(directory.resolve("segments"), 1 << 20, SegmentStore.NONE);
        relations = Layouts.open(LayoutFile.open(directory.resolve("relations")));
        progress = new QueueProgress(new QueueProgress.Mark(store.durableIndex(), lastCommitLsn, lastCommitLsn));
        acknowledgement = new Acknowledgement(0, lastCommitLsn);
        segment = new PackedSegment(store, progress, SEGMENT_BYTES, SEGMENT_CHANGES, 0);
        windows = new Windows(
                () -> feed,
                () -> feed.isFinished(),
                new ChunkWriter(store, progress, relations, SEGMENT_BYTES, SEGMENT_CHANGES, 0, null));
        writer = new SegmentWriter(
                segment,
                relations,
                CaptureFixture::layout,
                acknowledgement,
                lastCommitLsn,
                lastMessageLsn,
                MAX_ROW_BYTES,
                windows);
    }

    public static Relation layout(RelationMessage message, int xid) {
        List<Column> columns = message.columns().stream()
                .map(c -> new Column(c.name(), PgType.base(c.typeOid(), "text"), c.typmod(), c.identity()))
                .toList();
        return new Relation(
                0,
                message.oid(),
                message.namespace(),
                message.name(),
                message.identity(),
                columns,
                List.of(0),
                List.of());
    }

    CaptureFixture frame(byte[] message) {
        writer.frame(wal++, 5, message, 0, message.length);
        return this;
    }

    public CaptureFixture relation(String... columns) {
        return frame(Frames.relation(USERS, "users", columns));
    }

    public CaptureFixture begin(long commitLsn) {
        return frame(Frames.begin(commitLsn, 7, (int) commitLsn));
    }

    public CaptureFixture insert(String... values) {
        return frame(Frames.insert(USERS, values));
    }

    /** Ends the transaction. Its end LSN is its commit LSN plus ten. */
    public CaptureFixture commit(long commitLsn) {
        return frame(Frames.commit(commitLsn, commitLsn + 10, 7));
    }

    /** Adds a whole transaction, with one row for each value. */
    public CaptureFixture transaction(long commitLsn, String... ids) {
        begin(commitLsn);
        for (String id : ids) {
            insert(id);
        }
        return commit(commitLsn);
    }

    /** Stores the whole transactions and makes them durable, as capture does when the socket is empty. */
    public CaptureFixture settle() throws InterruptedException {
        segment.closeIfWhole();
        progress.close();
        QueueProgress.Mark mark = progress.awaitUnforced(0);
        store.sync();
        if (mark != null) {
            progress.durable(mark);
        }
        return this;
    }

    /** Returns one line for each stored segment: kind, the transactions' commit LSNs, first ordinal and number of changes. */
    List<String> segments() {
        List<String> lines = new ArrayList<>();
        SegmentView buffer = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.next(buffer)) {
                SegmentHeader header = buffer.header();
                lines.add(header.kind() + " " + header.firstCommitLsn() + "-" + header.lastCommitLsn() + " end "
                        + header.lastCommitEndLsn() + " from " + header.firstOrdinal() + " count "
                        + header.changeCount());
            }
        }
        return lines;
    }

    /** Returns the changes that a sink sees, one list for each batch. */
    List<List<String>> batches() {
        try (Tailer tailer = new Tailer(store, SegmentStore.NONE)) {
            return batches(tailer);
        }
    }

    List<List<String>> batches(Tailer tailer) {
        List<List<String>> batches = new ArrayList<>();
        SegmentView buffer = new SegmentView();
        SegmentBatch batch = new SegmentBatch(buffer, relations::byVersion);
        while (tailer.next(buffer, progress.durableMark().index())) {
            batch.segmentChanged();
            List<String> changes = new ArrayList<>();
            batch.forEach(change -> changes.add(text(change)));
            batches.add(changes);
        }
        return batches;
    }

    public List<String> changes() {
        return batches().stream().flatMap(List::stream).toList();
    }

    /** Returns a change as {@link #changes} shows it. */
    public static String text(Change change) {
        StringBuilder text = new StringBuilder();
        text.append(change.commitLsn()).append(':').append(change.ordinal()).append(' ');
        text.append(change.kind());
        if (change.origin() != null) {
            text.append(" from ").append(change.origin());
        }
        Relation relation = change.relation();
        RowChange both = change.row();
        RowView row = both == null ? null : both.newRow();
        if (relation != null && row != null) {
            for (int i = 0; i < relation.columns().size(); i++) {
                String value = row.text(i);
                text.append(' ').append(relation.columns().get(i).name()).append('=');
                text.append(value.length() > 20 ? value.length() + " bytes" : value);
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        relations.close();
        store.close();
    }
}
