package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;

/** The part of a change that a record contains. */
public enum Part {
    ALL,
    /** Of an update of the row's key: the row no longer exists under its old key. */
    REMOVED,
    /** Of an update of the row's key: the row exists under its new key. */
    ADDED;

    /** Returns the record's kind. For a key change it differs from the change's kind. */
    public ChangeKind kind(Change change) {
        return switch (this) {
            case ALL -> change.kind();
            case REMOVED -> ChangeKind.DELETE;
            case ADDED -> ChangeKind.INSERT;
        };
    }
}
