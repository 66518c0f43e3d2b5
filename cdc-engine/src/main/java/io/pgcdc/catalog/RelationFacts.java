package io.pgcdc.catalog;

import io.pgcdc.model.Membership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The catalog's current facts of a table. The stream may be older.
 *
 * @param primaryKey column names in key order, or null if it has none (or the table is gone)
 * @param identityIndex column names of the index of REPLICA IDENTITY USING INDEX in key order, or null
 * @param memberships its memberships in the slot's publications
 */
public record RelationFacts(
        @Nullable List<String> primaryKey, @Nullable List<String> identityIndex, List<Membership> memberships) {}
