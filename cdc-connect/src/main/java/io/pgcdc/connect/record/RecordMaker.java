package io.pgcdc.connect.record;

import io.pgcdc.model.Change;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import java.time.InstantSource;

/**
 * Makes records for Kafka Connect. Topics, keys, headers, tombstones and values are those of a Kafka sink with the same settings. A change
 * gives the same records each time. For one thread.
 */
public interface RecordMaker {

    /**
     * Creates the maker of the format that the settings choose.
     *
     * @param name the connector's name, for error messages
     * @param clock gives the time of writing, for formats that write it
     * @param settings values of {@link RecordSettings#ALL}, without a problem of {@link RecordSettings#check}
     * @param source where the changes come from, for formats that write it
     */
    static RecordMaker create(String name, InstantSource clock, SettingValues settings, SourceId source) {
        return Makers.create(name, clock, RecordSettings.complete(settings), source);
    }

    /** Prepares for a batch. Call it before the batch's first change. */
    void startOfBatch();

    /**
     * Adds the change's records. A change may have none. If this throws, {@code out} has none of them.
     *
     * @param change of a kind that each sink gets; not RECONCILE
     * @throws io.pgcdc.sink.RefusedChangeException if the change cannot become records
     * @throws io.pgcdc.error.SinkException if the table cannot: two tables have one topic, or a setting names a column that the table lacks
     */
    void append(Change change, Ready out);

    /** Adds the records of a transaction's end. Call it after a batch that ends with the transaction. */
    void endOfTransaction(Ready out);

    /**
     * Counts a change whose records were sent before, but makes none.
     *
     * @param whole true if all records of its transaction were sent
     */
    void passOver(Change change, boolean whole);

    /** Restores the state before the batch. Call it if the batch stopped at a refused change, because it repeats. */
    void undoBatch();
}
