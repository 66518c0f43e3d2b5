package io.pgcdc.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RelationNameTest {

    private static String name(String schema, String table) {
        return new Relation(1, 1, schema, table, ReplicaIdentity.DEFAULT, List.of(), null, List.of()).qualifiedName();
    }

    @Test
    void aNameIsPrintedAsTheCatalogHasIt() {
        assertEquals("public.users", name("public", "users"));
        assertEquals("Odd é.My \"table", name("Odd é", "My \"table"));
    }

    /** Otherwise a record, a count or a log of one table would pass for the other's. */
    @Test
    void tablesWithDotsHaveDifferentNames() {
        List<String> names =
                List.of(name("a.b", "c"), name("a", "b.c"), name("\"a.b\"", "c"), name("\"a", "b\".\"c\""));
        assertEquals("\"a.b\".\"c\"", names.get(0));
        assertEquals(names.size(), names.stream().distinct().count(), names::toString);
    }
}
