package io.pgcdc.source;

import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import io.pgcdc.wire.NewSlot;
import java.util.List;

/** Makes on the server what a new slot needs. Capture thread; each method may throw a {@link SourceException}. */
public interface SlotMaker {

    /** @throws SourceException SLOTS_EXHAUSTED when no slot can be created */
    void requireFreeSlot();

    /**
     * Creates and commits a publication.
     *
     * @param tables empty for all tables
     */
    void createPublication(String name, List<TableName> tables);

    /**
     * Creates the slot.
     *
     * @param export true if it exports a snapshot
     */
    NewSlot createSlot(String name, boolean failover, boolean export);
}
