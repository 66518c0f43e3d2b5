package io.pgcdc.race;

/**
 * The amount of data that a contestant read, as it counted itself.
 *
 * @param changes number of inserts, updates and deletes; -1 if the contestant does not count them
 * @param payloadBytes total size of the pgoutput messages plus one byte for each message; -1 if the contestant does not count it
 */
record Seen(long changes, long payloadBytes) {

    /** Returns true if the counts that both have are equal. */
    boolean agreesWith(Seen other) {
        return agree(changes, other.changes) && agree(payloadBytes, other.payloadBytes);
    }

    private static boolean agree(long one, long other) {
        return one < 0 || other < 0 || one == other;
    }
}
