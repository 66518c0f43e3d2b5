package io.pgcdc.sinks.stdout;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;

/** Writes one change as one line. Owned by the sink's thread. */
interface LineFormat {

    /** Appends the change without a line end. Always appends the same bytes for the same change, because a retry relies on that. */
    void append(Change change, JsonBuffer out);
}
