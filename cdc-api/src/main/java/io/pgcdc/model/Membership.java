package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A relation's place in one publication, read from the catalog when the relation arrived.
 *
 * @param rowFilter its WHERE clause as the server prints it, or null (15 and later)
 * @param columns the published columns, or null for all (15 and later)
 * @param viaRoot publish_via_partition_root
 */
public record Membership(
        String publication,
        boolean insert,
        boolean update,
        boolean delete,
        boolean truncate,
        @Nullable String rowFilter,
        @Nullable List<String> columns,
        boolean viaRoot) {}
