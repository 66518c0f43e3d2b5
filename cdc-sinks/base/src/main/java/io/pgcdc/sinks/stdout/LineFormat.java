package io.pgcdc.sinks.stdout;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;

/** Writes one change as one line. Owned by the sink's thread. */
interface LineFormat {

    /** Appends the change without a line end. Writes the same bytes each time. */
    void append(Change change, JsonBuffer out);
}
