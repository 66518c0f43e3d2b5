package io.pgcdc.catalog;

import io.pgcdc.model.Membership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only the catalog knows of a table, as of now: the stream may be behind it.
 *
 * @param primaryKey column names in key order, or null when it has none (or the table is gone)
 * @param identityIndex column names of the index of REPLICA IDENTITY USING INDEX in key order, or null
 * @param memberships its places in the slot's publications
 */
public record RelationFacts(
        @Nullable List<String> primaryKey, @Nullable List<String> identityIndex, List<Membership> memberships) {}
