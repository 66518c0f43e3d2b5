package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as the queue stores it: {@value #CHANGES} changes in transactions of {@value #CHANGES_PER_TRANSACTION}, each of which
 * names the relation versions of its rows.
 */
final class StoredSegment {

    static final int CHANGES = 1_000;
    static final int CHANGES_PER_TRANSACTION = 10;

    private static final int NARROW_OID = 16_385;
    private static final int OTHER_OID = 16_390;
    private static final int WIDE_OID = 16_395;
    private static final long FIRST_LSN = Lsn.parse("5/1A2B3C8");
    private static final long FIRST_TIME_MICROS = 820_551_845_678_901L;

    private final SegmentBuilder builder = new SegmentBuilder();
    private final SegmentView loaded = new SegmentView();
    private final List<Relation> relations;
    private long lsn = FIRST_LSN;

    /** One change's message, and its relation. */
    private interface Message {
        byte[] of(int change);
    }

    private StoredSegment(List<Relation> relations, Message message) {
        this.relations = relations;
        builder.begin();
        byte[] scratch = new byte[RelationVersionFrame.LENGTH];
        for (int first = 0; first < CHANGES; first += CHANGES_PER_TRANSACTION) {
            long commitLsn = lsn + 4_096;
            long time = FIRST_TIME_MICROS + first;
            add(MessageWriter.begin(commitLsn, time, 771 + first));
            for (Relation relation : relations) {
                RelationVersionFrame.add(builder, lsn, relation.oid(), relation.version(), scratch);
            }
            for (int i = first; i < first + CHANGES_PER_TRANSACTION; i++) {
                add(message.of(i));
            }
            lsn = commitLsn;
            add(MessageWriter.commit(commitLsn, commitLsn + 48, time));
        }
        builder.changeCount(CHANGES);
        builder.firstCommitLsn(FIRST_LSN + 4_096);
        builder.lastCommitLsn(lsn);
        builder.lastCommitEndLsn(lsn + 48);
        builder.seal(SegmentKind.TRANSACTIONS);
        loaded.load(builder.array(), 0, builder.sealedLength(), "benchmark");
    }

    private void add(byte[] message) {
        builder.addFrame(lsn, message, 0, message.length);
        lsn += 100;
    }

    /** Inserts of 89 bytes. */
    static StoredSegment narrowInserts() {
        return new StoredSegment(
                List.of(SuiteTables.narrow(1, NARROW_OID)),
                i -> MessageWriter.insert(NARROW_OID, SuiteTables.narrowRow(i)));
    }

    /** Updates of about 1.2 KB, with the whole old row. */
    static StoredSegment wideUpdates() {
        return new StoredSegment(
                List.of(SuiteTables.wide(1, WIDE_OID)),
                i -> MessageWriter.update(WIDE_OID, SuiteTables.wideRow(i, 0), SuiteTables.wideRow(i, 1)));
    }

    /** Narrow inserts and wide updates of three tables in turn. */
    static StoredSegment mixedTables() {
        return new StoredSegment(
                List.of(
                        SuiteTables.narrow(1, NARROW_OID),
                        SuiteTables.wide(2, WIDE_OID),
                        SuiteTables.wide("other", 3, OTHER_OID)),
                i -> {
                    int wideOid = i % 3 == 1 ? WIDE_OID : OTHER_OID;
                    return i % 3 == 0
                            ? MessageWriter.insert(NARROW_OID, SuiteTables.narrowRow(i))
                            : MessageWriter.update(wideOid, SuiteTables.wideRow(i, 0), SuiteTables.wideRow(i, 1));
                });
    }

    /** Inserts of one row into one table. */
    static StoredSegment inserts(List<PgType> types, List<@Nullable String> row) {
        byte[] insert = MessageWriter.insert(NARROW_OID, row);
        return new StoredSegment(List.of(SuiteTables.of(1, NARROW_OID, types)), i -> insert);
    }

    /** Returns the segment as a queue takes it. */
    SegmentBuilder sealed() {
        return builder;
    }

    /** Returns the segment as a reader of the queue gives it. */
    SegmentView loaded() {
        return loaded;
    }

    /** What a sink is handed. Each call gives a decoder of its own, over the same bytes. */
    SegmentBatch batch() {
        return batch(loaded);
    }

    /** The same over another buffer, which holds what was read of this segment. */
    SegmentBatch batch(SegmentView loaded) {
        return new SegmentBatch(loaded, version -> relations.get(version - 1));
    }
}
