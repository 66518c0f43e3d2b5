package io.pgcdc.race;

/**
 * What a contestant read.
 *
 * @param changes inserts, updates, deletes; -1: it cannot tell
 * @param payloadBytes pgoutput messages, a byte more for each; -1: it cannot tell
 */
record Seen(long changes, long payloadBytes) {

    /** Whether the two agree where both can tell. */
    boolean agreesWith(Seen other) {
        return agree(changes, other.changes) && agree(payloadBytes, other.payloadBytes);
    }

    private static boolean agree(long one, long other) {
        return one < 0 || other < 0 || one == other;
    }
}
