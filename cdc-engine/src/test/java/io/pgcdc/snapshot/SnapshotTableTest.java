package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the rows of a table can be divided. */
class SnapshotTableTest {

    private static final PgType INT = PgType.base(23, "int4");

    private static Membership membership(boolean update, @Nullable String filter) {
        return new Membership("p", true, update, true, true, filter, null, false);
    }

    private static SnapshotTable table(PgType key, Membership... memberships) {
        return TestTables.table(
                new Relation(
                        0,
                        7,
                        "public",
                        "t",
                        ReplicaIdentity.DEFAULT,
                        List.of(new Column("id", key, -1, true)),
                        List.of(0),
                        List.of(memberships)),
                List.of());
    }

    /** A row that only INSERT publishes moves in the file, and no change says so. */
    @Test
    void partsOfTheFileNeedEachUpdate() {
        assertTrue(table(INT, membership(true, null)).hasParts());
        assertTrue(table(INT, membership(true, "id > 1"), membership(true, "id < 1"))
                .hasParts());
        assertTrue(table(INT, membership(true, null), membership(false, null)).hasParts());
        assertFalse(table(INT, membership(false, null)).hasParts());
        assertFalse(
                table(INT, membership(true, "id > 1"), membership(false, null)).hasParts());
        assertFalse(table(INT).hasParts());
    }

    @Test
    void onlyTheOrderOfTypesOfTheCatalogIsKnown() {
        PgType citext = new PgType(90_000, "citext", PgType.Kind.BASE, null, ',', List.of(), "citext");
        PgType domain = new PgType(90_001, "positive", PgType.Kind.DOMAIN, INT, ',', List.of(), null);
        PgType mood = new PgType(90_002, "mood", PgType.Kind.ENUM, null, ',', List.of(), null);
        assertTrue(table(INT).hasOrder());
        assertTrue(table(domain).hasOrder());
        assertTrue(table(mood).hasOrder());
        assertFalse(table(citext).hasOrder());
        assertFalse(table(PgType.unresolved(23)).hasOrder());
        assertEquals("id 23 -1", table(INT).key());
    }
}
