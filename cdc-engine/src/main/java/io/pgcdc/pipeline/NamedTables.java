package io.pgcdc.pipeline;

import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import java.util.List;
import java.util.Set;

/** The questions of {@link RouteCheck} to the server. One thread. Each method may throw a {@link SourceException}. */
interface NamedTables {

    /** Returns the names of the table's columns, published or not. Empty if there is no such table. */
    Set<String> columns(TableName table);

    /** Returns the names of all tables of the database. */
    List<TableName> tables();

    /** Returns whether the publications differ in publish_via_partition_root. */
    boolean rootsDiffer(List<String> publications);

    /** Returns the server's address, for messages. */
    String where();
}
