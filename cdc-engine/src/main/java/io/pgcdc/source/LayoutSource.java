package io.pgcdc.source;

import io.pgcdc.decode.RelationMessage;
import io.pgcdc.model.Relation;

/** Joins a Relation message with what the catalog knows of the table. */
public interface LayoutSource {

    /**
     * Returns the relation, without a version of its own yet.
     *
     * @param xid the transaction that the message came in; it may have altered the table
     */
    Relation layout(RelationMessage message, int xid);
}
