package io.pgcdc.pipeline;

import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import java.util.List;
import java.util.Set;

/** What {@link RouteCheck} asks the server. One thread; each question may throw a {@link SourceException}. */
interface NamedTables {

    /** Returns the names of the table's columns, published or not; empty: there is no such table. */
    Set<String> columns(TableName table);

    /** Returns whether the publications differ in publish_via_partition_root. */
    boolean rootsDiffer(List<String> publications);

    /** Names the server, for messages. */
    String where();
}
