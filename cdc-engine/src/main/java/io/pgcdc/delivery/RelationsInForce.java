package io.pgcdc.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which layout the rows of an oid have, as the frames of one walk over a segment said it. An open-addressed table of ints, for it is
 * asked with each transaction and each change of table: a boxed oid would be garbage each time. What earlier walks met is remembered,
 * so that the same version is not looked up again, but is not in force. One delivery thread.
 */
final class RelationsInForce {

    private static final int HASH = 0x9E37_79B9;
    private static final int INITIAL_SLOTS = 16;

    private final IntFunction<Relation> byVersion;

    /** Null where a slot is free; a table's relation stays in its slot. */
    private @Nullable Relation[] relations = new @Nullable Relation[INITIAL_SLOTS];

    /** In which walk the slot's relation was last announced. */
    private long[] walks = new long[INITIAL_SLOTS];

    private int used;
    private long walk;

    RelationsInForce(IntFunction<Relation> byVersion) {
        this.byVersion = byVersion;
    }

    /** Nothing is in force any more. */
    void startWalk() {
        walk++;
    }

    /**
     * From here on rows of the oid have that version's layout.
     *
     * @throws QueueException when there is no such version, or it is another relation's
     */
    Relation announce(int oid, int version) {
        int slot = slot(oid);
        Relation relation = relations[slot];
        if (relation == null || relation.version() != version) {
            Relation loaded = byVersion.apply(version);
            if (loaded.oid() != oid) {
                throw new QueueException(
                        ErrorCode.QUEUE_DAMAGED,
                        "layout version " + version + " belongs to " + loaded.qualifiedName() + ", not to relation "
                                + Integer.toUnsignedString(oid)
                                + ", in a segment of the queue. Keep a copy of the queue directory and report this.");
            }
            if (relation == null && 2 * ++used > relations.length) {
                grow();
                slot = slot(oid);
            }
            relations[slot] = loaded;
            relation = loaded;
        }
        walks[slot] = walk;
        return relation;
    }

    /** Null when this walk has not met its layout. */
    @Nullable
    Relation get(int oid) {
        int slot = slot(oid);
        return walks[slot] == walk ? relations[slot] : null;
    }

    /** The oid's, or the free one where it belongs. */
    private int slot(int oid) {
        int mask = relations.length - 1;
        int slot = ((oid * HASH) >>> 12) & mask;
        for (Relation there = relations[slot]; there != null && there.oid() != oid; there = relations[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        @Nullable Relation[] oldRelations = relations;
        long[] oldWalks = walks;
        relations = new @Nullable Relation[2 * oldRelations.length];
        walks = new long[relations.length];
        for (int i = 0; i < oldRelations.length; i++) {
            Relation relation = oldRelations[i];
            if (relation != null) {
                int slot = slot(relation.oid());
                relations[slot] = relation;
                walks[slot] = oldWalks[i];
            }
        }
    }
}
