package io.pgcdc.source;

import io.pgcdc.decode.RelationMessage;
import io.pgcdc.model.Relation;

/** Combines a Relation message with the catalog's facts of the table. */
public interface LayoutSource {

    /**
     * Returns the relation, without its version.
     *
     * @param xid the transaction of the message; it may have altered the table
     */
    Relation layout(RelationMessage message, int xid);
}
