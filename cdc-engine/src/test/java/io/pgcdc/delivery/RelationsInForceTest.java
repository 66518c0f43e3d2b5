package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelationsInForceTest {

    private final List<Relation> store = new ArrayList<>();
    private int lookUps;

    private final RelationsInForce relations = new RelationsInForce(version -> {
        lookUps++;
        return store.get(version - 1);
    });

    private int newVersion(int oid) {
        int version = store.size() + 1;
        store.add(new Relation(version, oid, "s", "t", ReplicaIdentity.DEFAULT, List.of(), null, List.of()));
        return version;
    }

    @Test
    void layoutsOfEarlierWalksAreCachedButNotInForce() {
        int version = newVersion(7);
        relations.startWalk();
        Relation announced = relations.announce(7, version);
        assertSame(announced, relations.get(7));

        relations.startWalk();
        assertNull(relations.get(7));
        assertSame(announced, relations.announce(7, version));
        assertSame(announced, relations.get(7));
        assertEquals(1, lookUps);
    }

    @Test
    void aLaterVersionReplacesTheEarlierOne() {
        int first = newVersion(7);
        int second = newVersion(7);
        relations.startWalk();
        relations.announce(7, first);
        assertSame(store.get(second - 1), relations.announce(7, second));
        assertSame(store.get(second - 1), relations.get(7));
    }

    @Test
    void aVersionOfAnotherRelationIsDamage() {
        int version = newVersion(7);
        relations.startWalk();
        QueueException e = assertThrows(QueueException.class, () -> relations.announce(8, version));
        assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
        assertNull(relations.get(8));
    }

    @Test
    void itAnswersLikeAMap() {
        long seed = new Random().nextLong();
        System.out.println("RelationsInForceTest seed " + seed);
        Random random = new Random(seed);
        Map<Integer, Relation> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            if (i % 2_000 == 0) {
                relations.startWalk();
                expected.clear();
            }
            // adjacent oids, like those of one schema, and random ones
            int oid = random.nextBoolean() ? 16_384 + 6 * random.nextInt(200) : random.nextInt() | 1;
            if (random.nextInt(4) == 0) {
                int version = newVersion(oid);
                relations.announce(oid, version);
                expected.put(oid, store.get(version - 1));
            }
            assertSame(expected.get(oid), relations.get(oid), "seed " + seed + ", oid " + oid);
        }
        expected.forEach((oid, relation) -> assertSame(relation, relations.get(oid), "seed " + seed));
    }
}
