package io.pgcdc.sinks.stdout;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;

/** How one change becomes one line. Owned by the sink's thread. */
interface LineFormat {

    /** Appends the change without a line end. The same change gives the same bytes each time. */
    void append(Change change, JsonBuffer out);
}
