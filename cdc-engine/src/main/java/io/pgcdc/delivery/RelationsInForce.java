package io.pgcdc.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the layout of an oid's rows, as the frames of one walk over a segment announced it. Layouts of earlier walks are remembered, so that
 * the same version is not looked up again, but they are not in force.
 *
 * <p>An open-addressed table with int keys: it is read with each transaction and each change of table, and a boxed oid would be garbage each
 * time. One delivery thread.
 */
final class RelationsInForce {

    private static final int HASH = 0x9E37_79B9;
    private static final int INITIAL_SLOTS = 16;

    private final IntFunction<Relation> byVersion;

    /** Null in a free slot. A table's relation stays in its slot. */
    private @Nullable Relation[] relations = new @Nullable Relation[INITIAL_SLOTS];

    /** By slot: number of the walk that last announced the relation. */
    private long[] walks = new long[INITIAL_SLOTS];

    private int used;
    private long walk;

    RelationsInForce(IntFunction<Relation> byVersion) {
        this.byVersion = byVersion;
    }

    /** Begins a walk, with no layout in force. */
    void startWalk() {
        walk++;
    }

    /**
     * Puts a layout in force for the next rows of the oid, and returns it.
     *
     * @throws QueueException QUEUE_DAMAGED: there is no such version, or it belongs to another relation
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

    /** Returns the layout in force, or null if this walk has not announced one. */
    @Nullable
    Relation get(int oid) {
        int slot = slot(oid);
        return walks[slot] == walk ? relations[slot] : null;
    }

    /** Returns the oid's slot, or the free slot for it. */
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
