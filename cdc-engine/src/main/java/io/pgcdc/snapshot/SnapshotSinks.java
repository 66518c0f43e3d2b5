package io.pgcdc.snapshot;

import io.pgcdc.model.TableName;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What a snapshot needs to know of the pipeline's sinks.
 *
 * @param takes returns true if changes that carry the table's name reach the sink with that name
 */
public record SnapshotSinks(List<String> names, BiPredicate<String, TableName> takes) {

    public SnapshotSinks {
        names = List.copyOf(names);
    }
}
