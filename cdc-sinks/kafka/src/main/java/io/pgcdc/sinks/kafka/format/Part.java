package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;

/** What of a change a record tells. */
enum Part {
    ALL,
    /** Of an update of the row's key: that the row under its old key is gone. */
    REMOVED,
    /** Of an update of the row's key: that there is one under its new key. */
    ADDED;

    /** What the record tells, which of a key change is not the change's. */
    ChangeKind kind(Change change) {
        return switch (this) {
            case ALL -> change.kind();
            case REMOVED -> ChangeKind.DELETE;
            case ADDED -> ChangeKind.INSERT;
        };
    }
}
