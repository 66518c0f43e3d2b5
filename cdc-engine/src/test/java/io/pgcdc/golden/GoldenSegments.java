package io.pgcdc.golden;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A capture as the queue would hold it: whole transactions together in one segment, messages outside a transaction in segments of
 * their own, and relation versions in the place of Relation messages. Transactions without a change leave no trace.
 */
public final class GoldenSegments extends MessageHandler {

    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final SegmentBuilder buffer = new SegmentBuilder();
    private final byte[] scratch = new byte[RelationVersionFrame.LENGTH];
    private final List<byte[]> sealed = new ArrayList<>();
    private final Map<Integer, Relation> byVersion = new HashMap<>();
    private final Map<Integer, Relation> inForce = new HashMap<>();
    private final Set<Integer> announced = new HashSet<>();

    private GoldenItem.Frame frame = new GoldenItem.Frame(0, 0, new byte[0]);
    private int beginMark;
    private int changesBefore;
    private int changes;

    private GoldenSegments() {
        buffer.begin();
    }

    /** Packs a capture's frames. */
    public static GoldenSegments of(GoldenCapture capture) {
        GoldenSegments segments = new GoldenSegments();
        for (GoldenItem item : capture.items()) {
            segments.add(item);
        }
        segments.close();
        return segments;
    }

    private void add(GoldenItem item) {
        if (item instanceof GoldenItem.Layout layout) {
            Relation relation = layout.relation();
            byVersion.put(relation.version(), relation);
            inForce.put(relation.oid(), relation);
            announced.remove(relation.oid());
        } else if (item instanceof GoldenItem.Frame next) {
            frame = next;
            decoder.decode(next.bytes(), 0, next.bytes().length, next.lsn(), this);
            if (next.isTransactional() && next.type() != PgOutput.RELATION && next.type() != PgOutput.TYPE) {
                buffer.addFrame(next.lsn(), next.bytes(), 0, next.bytes().length);
            }
            if (next.type() == PgOutput.COMMIT && changes == changesBefore) {
                buffer.truncate(beginMark);
            }
        }
    }

    private void close() {
        if (changes > 0) {
            seal(SegmentKind.TRANSACTIONS);
        }
    }

    private void seal(SegmentKind kind) {
        buffer.changeCount(changes);
        buffer.seal(kind);
        sealed.add(Arrays.copyOf(buffer.array(), buffer.sealedLength()));
        buffer.begin();
        changes = 0;
    }

    @Override
    public void begin(BeginMessage begin) {
        beginMark = buffer.end();
        changesBefore = changes;
        announced.clear();
    }

    @Override
    public void commit(CommitMessage commit) {
        buffer.lastCommitLsn(commit.commitLsn());
        buffer.lastCommitEndLsn(commit.endLsn());
        buffer.commitTimeMicros(commit.commitTimeMicros());
    }

    @Override
    public void insert(InsertMessage insert) {
        row(insert.relationOid());
    }

    @Override
    public void update(UpdateMessage update) {
        row(update.relationOid());
    }

    @Override
    public void delete(DeleteMessage delete) {
        row(delete.relationOid());
    }

    @Override
    public void truncate(TruncateMessage truncate) {
        for (int i = 0; i < truncate.relationCount(); i++) {
            row(truncate.relationOid(i));
        }
    }

    private void row(int oid) {
        changes++;
        if (announced.add(oid)) {
            Relation relation = inForce.get(oid);
            if (relation == null) {
                throw new IllegalStateException("row of relation " + oid + " before its layout");
            }
            RelationVersionFrame.add(buffer, frame.lsn(), oid, relation.version(), scratch);
        }
    }

    @Override
    public void message(LogicalMessage message) {
        if (message.transactional()) {
            changes++;
            return;
        }
        close();
        buffer.addFrame(frame.lsn(), frame.bytes(), 0, frame.bytes().length);
        buffer.firstCommitLsn(message.lsn());
        buffer.lastCommitLsn(message.lsn());
        buffer.commitTimeMicros(frame.sentMicros());
        buffer.firstOrdinal(Position.MESSAGE_ORDINAL);
        changes = 1;
        seal(SegmentKind.MESSAGE);
    }

    /** The segments' bytes, in order. */
    public List<byte[]> bytes() {
        return sealed;
    }

    /** The layout that a relation version frame names. */
    public Relation relation(int version) {
        Relation relation = byVersion.get(version);
        if (relation == null) {
            throw new IllegalStateException("no relation version " + version);
        }
        return relation;
    }

    /** The change records in the native format, a line each. */
    public String nativeLines() {
        SegmentView loaded = new SegmentView();
        SegmentBatch batch = new SegmentBatch(loaded, this::relation);
        NativeFormat format = new NativeFormat();
        JsonBuffer lines = new JsonBuffer();
        for (byte[] segment : sealed) {
            loaded.load(segment, 0, segment.length, "golden capture");
            batch.forEach(change -> {
                format.append(change, lines);
                lines.appendByte('\n');
            });
        }
        return lines.toString();
    }
}
