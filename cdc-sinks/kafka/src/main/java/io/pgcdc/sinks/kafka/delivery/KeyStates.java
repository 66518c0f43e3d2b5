package io.pgcdc.sinks.kafka.delivery;

import java.util.Arrays;

/**
 * Remembers the state of many keys in bounded memory: 12 bytes a slot, no key's bytes. It holds the keys whose hashes are in one
 * range. The range begins as all hashes, and halves when the slots are used up; {@link #nextRange} goes on to the others.
 *
 * <p>Keys are told apart by 64 bits. If two of n keys share them (probability n²/2⁶⁵), the worst that happens is that a key that
 * should be deleted stays: a key counts as seen if either is. For one thread.
 */
final class KeyStates {

    /** Slots for 1.5 million keys, in 25 MB; twice as much while the range halves. */
    static final int MOST_SLOTS = 1 << 21;

    static final int NONE = -1;

    private static final int FEWEST_SLOTS = 1 << 4;

    private static final int EMPTY = 0;

    /** The key's last record is a tombstone. */
    private static final int DEAD = 1;

    private static final int SEEN = 2;

    /** The key's last record has a value. The partition's number is added. */
    private static final int LIVE = 3;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;
    private static final int MIX_SHIFT = 33;

    private final int mostSlots;
    private long[] hashes;
    private int[] states;
    private int size;

    /** The range: hashes whose first {@code rangeBits} bits are {@code range}. */
    private int rangeBits;

    private long range;

    /** @param mostSlots a power of two */
    KeyStates(int mostSlots) {
        this.mostSlots = mostSlots;
        int slots = Math.min(FEWEST_SLOTS, mostSlots);
        hashes = new long[slots];
        states = new int[slots];
    }

    /** Returns the FNV-1a hash, with its bits mixed as MurmurHash3 does. */
    static long hash(byte[] key) {
        long hash = FNV_OFFSET;
        for (byte b : key) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> MIX_SHIFT)) * MIX_1;
        hash = (hash ^ (hash >>> MIX_SHIFT)) * MIX_2;
        return hash ^ (hash >>> MIX_SHIFT);
    }

    /**
     * Notes a record from before the reconciliation. Call it in the order of each partition.
     *
     * @param live false for a tombstone
     */
    void old(long hash, int partition, boolean live) {
        if (!inRange(hash)) {
            return;
        }
        int slot = slot(hash);
        if (states[slot] == EMPTY) {
            if (!live) {
                return; // there is nothing to delete
            }
            if ((size + 1) * 4L > states.length * 3L) {
                makeRoom();
                old(hash, partition, live);
                return;
            }
            size++;
            hashes[slot] = hash;
            states[slot] = LIVE + partition;
        } else if (live) {
            states[slot] = LIVE + partition;
        } else if (states[slot] == LIVE + partition) {
            states[slot] = DEAD;
        }
    }

    /** Notes that the key has a record since the reconciliation began. Call it after all calls of {@link #old}. */
    void seen(long hash) {
        if (inRange(hash)) {
            int slot = slot(hash);
            states[slot] = states[slot] == EMPTY ? EMPTY : SEEN;
        }
    }

    /** Returns true if there is a key to delete. */
    boolean hasLive() {
        for (int state : states) {
            if (state >= LIVE) {
                return true;
            }
        }
        return false;
    }

    /** Returns the partition of a key that is to be deleted, once; otherwise {@link #NONE}. */
    int take(long hash) {
        if (!inRange(hash)) {
            return NONE;
        }
        int slot = slot(hash);
        if (states[slot] < LIVE) {
            return NONE;
        }
        int partition = states[slot] - LIVE;
        states[slot] = DEAD;
        return partition;
    }

    /** Forgets all keys, and goes on to the next range. Returns false if there is none. */
    boolean nextRange() {
        Arrays.fill(states, EMPTY);
        size = 0;
        range++;
        return range < 1L << rangeBits;
    }

    private boolean inRange(long hash) {
        return rangeBits == 0 || hash >>> (Long.SIZE - rangeBits) == range;
    }

    /** Returns the key's slot, or the empty slot for it. The range takes the first bits, and this the last. */
    private int slot(long hash) {
        int mask = states.length - 1;
        int slot = (int) hash & mask;
        while (states[slot] != EMPTY && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void makeRoom() {
        long[] oldHashes = hashes;
        int[] oldStates = states;
        int slots = states.length;
        if (slots < mostSlots) {
            slots *= 2;
        } else {
            rangeBits++;
            range <<= 1;
        }
        hashes = new long[slots];
        states = new int[slots];
        size = 0;
        for (int i = 0; i < oldStates.length; i++) {
            if (oldStates[i] != EMPTY && inRange(oldHashes[i])) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                states[slot] = oldStates[i];
                size++;
            }
        }
    }
}
