package io.pgcdc.sinks.kafka.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyStatesTest {

    private record Old(int key, int partition, boolean live) {}

    private static long hash(int key) {
        return KeyStates.hash(Integer.toString(key).getBytes(StandardCharsets.UTF_8));
    }

    /** Whatever fits into memory, the keys to delete are those of a map that holds all. */
    @Test
    void smallMemoryFindsTheKeysThatLargeMemoryFinds() {
        Random random = new Random(7);
        List<Old> old = new ArrayList<>();
        Map<Integer, Integer> live = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            int key = random.nextInt(500);
            boolean hasValue = random.nextInt(3) > 0;
            int partition = key % 5;
            old.add(new Old(key, partition, hasValue));
            if (hasValue) {
                live.put(key, partition);
            } else {
                live.remove(key);
            }
        }
        List<Integer> seen = random.ints(300, 0, 700).boxed().toList();
        live.keySet().removeAll(seen);
        assertTrue(live.size() > 50, "keys to delete");

        for (int slots : List.of(16, 64, KeyStates.MOST_SLOTS)) {
            Map<Integer, Integer> taken = new TreeMap<>();
            int passes = pass(old, seen, new KeyStates(slots), taken);
            assertEquals(live, taken);
            assertEquals(slots == KeyStates.MOST_SLOTS, passes == 1, passes + " passes");
        }
    }

    private static int pass(List<Old> old, List<Integer> seen, KeyStates states, Map<Integer, Integer> taken) {
        int passes = 0;
        do {
            passes++;
            old.forEach(o -> states.old(hash(o.key()), o.partition(), o.live()));
            seen.forEach(key -> states.seen(hash(key)));
            for (Old each : old) {
                int partition = states.take(hash(each.key()));
                if (partition != KeyStates.NONE) {
                    assertNull(taken.put(each.key(), partition), "taken twice");
                }
            }
        } while (states.nextRange());
        return passes;
    }

    /** A topic got more partitions: the key's old record is in another one than its tombstone. */
    @Test
    void aTombstoneInAnotherPartitionLeavesTheRecord() {
        KeyStates states = new KeyStates(16);
        states.old(hash(1), 2, true);
        states.old(hash(1), 0, false);
        assertTrue(states.hasLive());
        assertEquals(2, states.take(hash(1)));
        assertEquals(KeyStates.NONE, states.take(hash(1)));
    }

    @Test
    void keysThatDifferInOneByteDifferInAllPartsOfTheHash() {
        long one = hash(1);
        long two = hash(2);
        assertNotEquals(one >>> 56, two >>> 56);
        assertNotEquals(one & 0xff, two & 0xff);
    }
}
