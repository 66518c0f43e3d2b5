package io.pgcdc.source;

import io.pgcdc.catalog.RelationFacts;
import io.pgcdc.catalog.TableHistory;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.PgType;
import io.pgcdc.model.SeenTransactions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@link RelationAssembly} asks the server. Capture thread; each question may throw a {@link SourceException}. */
interface TableQuestions {

    /** Which transactions a question that is asked now sees. */
    SeenTransactions seen();

    /** Whether the stream is a synchronous standby: then a commit ends only after what it sent is confirmed. */
    boolean commitsWaitForStream();

    /**
     * Returns the types and all that they are made of; one that is gone is missing, or is unresolved.
     *
     * @param table for messages
     */
    Map<Integer, PgType> types(String table, List<Integer> oids);

    /**
     * Returns the table's keys and its places in the slot's publications.
     *
     * @param table for messages
     */
    RelationFacts facts(String table, int oid);

    /**
     * Returns whether a partition of the table, at any depth, has not REPLICA IDENTITY FULL: partitions do not inherit it.
     *
     * @param table for messages
     */
    boolean partitionsSendKeys(String table, int oid);

    /**
     * Returns the table's columns; empty when it is gone.
     *
     * @param table for messages
     */
    Optional<TableHistory> history(String table, int oid);

    /** Names the server, for messages. */
    String where();
}
