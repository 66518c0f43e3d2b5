package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;

/** The part of a change that a record shows. */
enum Part {
    ALL,
    /** For an update of the row's key: the row under its old key is gone. */
    REMOVED,
    /** For an update of the row's key: the row exists under its new key. */
    ADDED;

    /** Returns the record's kind, which differs from the change's for a key change. */
    ChangeKind kind(Change change) {
        return switch (this) {
            case ALL -> change.kind();
            case REMOVED -> ChangeKind.DELETE;
            case ADDED -> ChangeKind.INSERT;
        };
    }
}
