package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;

/** Makes records of changes. The same change gives the same records each time. One thread. */
public interface RecordFormat {

    /**
     * Adds the change's records, none perhaps.
     *
     * @throws io.pgcdc.sink.RefusedChangeException when there can be none
     */
    void append(Change change, Records out);
}
