package io.pgcdc.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A relation's membership in one publication, as the catalog had it when the relation arrived.
 *
 * @param rowFilter the WHERE clause as the server prints it, or null (PostgreSQL 15 and later)
 * @param columns the published columns, or null for all (PostgreSQL 15 and later)
 * @param viaRoot the publication's option publish_via_partition_root
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
