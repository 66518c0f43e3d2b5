package io.pgcdc.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class PerLayoutTest {

    private final PerLayout<String> values = new PerLayout<>();

    private static Relation layout(int oid, String name) {
        return new Relation(0, oid, "s", name, ReplicaIdentity.DEFAULT, List.of(), null, List.of());
    }

    @Test
    void eachTableHasTheValueOfItsLastLayout() {
        Relation first = layout(1, "a");
        Relation other = layout(2, "b");
        values.put(first, "first");
        values.put(other, "other");
        Relation renamed = layout(1, "c");
        assertNull(values.find(renamed));
        values.put(renamed, "renamed");
        assertNull(values.find(first));
        assertEquals("renamed", values.find(renamed));
        assertEquals("other", values.find(other));
    }

    @Test
    void aTableThatWasMadeAgainUnderItsNameTakesThePlaceOfTheOneBefore() {
        Relation dropped = layout(1, "a");
        values.put(dropped, "dropped");
        assertEquals(List.of("dropped"), values.remove(layout(9, "a")));
        assertNull(values.find(dropped));
    }

    @Test
    void tablesThatShareANameHaveAValueEach() {
        Relation first = shard(1, "a_1");
        Relation other = shard(2, "a_2");
        values.put(first, "first");
        values.put(other, "other");
        assertEquals("first", values.find(first));
        assertEquals(List.of("first"), values.remove(shard(9, "a_1")));
        assertEquals("other", values.find(other));
    }

    private static Relation shard(int oid, String name) {
        return new Relation(
                0, oid, "s", "a", ReplicaIdentity.DEFAULT, List.of(), null, List.of(), null, new TableName("s", name));
    }

    /** Layouts that are equal may stand in different places of the stream. */
    @Test
    void anEqualLayoutIsAnotherOne() {
        values.put(layout(1, "a"), "a");
        assertNull(values.find(layout(1, "a")));
    }

    @Test
    void whatWasFoundLastIsForgottenWithItsValue() {
        Relation layout = layout(1, "a");
        values.put(layout, "a");
        assertEquals("a", values.find(layout));
        values.removeIf("a"::equals);
        assertNull(values.find(layout));
        values.put(layout, "b");
        assertEquals(List.of("b"), values.clear());
        assertNull(values.find(layout));
    }
}
