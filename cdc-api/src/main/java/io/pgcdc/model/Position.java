package io.pgcdc.model;

/**
 * The identity of a change: unique, and strictly increasing along the stream. Printed as {@code 0/1A2B3C8:5}, or as {@code
 * 0/1A2B3C8:5@1} in a later epoch.
 *
 * @param epoch counts accepted forks of history; LSNs repeat across epochs
 * @param commitLsn LSN of the commit record of the change's transaction (of the message itself for a non-transactional one)
 * @param ordinal the place in the transaction, from 0; {@link #MESSAGE_ORDINAL} for a non-transactional message
 */
public record Position(int epoch, long commitLsn, long ordinal) implements Comparable<Position> {

    /** Sorts before ordinal 0: the LSN of a non-transactional message can equal that of the next commit. */
    public static final long MESSAGE_ORDINAL = -1;

    @Override
    public int compareTo(Position other) {
        int byEpoch = Integer.compare(epoch, other.epoch);
        if (byEpoch != 0) {
            return byEpoch;
        }
        int byLsn = Lsn.compare(commitLsn, other.commitLsn);
        return byLsn != 0 ? byLsn : Long.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        String place = Lsn.toString(commitLsn) + ":" + ordinal;
        return epoch == 0 ? place : place + "@" + epoch;
    }

    /** @throws IllegalArgumentException unless {@link #toString} can print this text */
    public static Position parse(String text) {
        int colon = text.indexOf(':');
        int at = text.indexOf('@');
        if (colon < 0 || (at >= 0 && at < colon)) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        long lsn = Lsn.parse(text.substring(0, colon));
        long ordinal = Long.parseLong(text.substring(colon + 1, at < 0 ? text.length() : at));
        int epoch = at < 0 ? 0 : Integer.parseInt(text.substring(at + 1));
        return new Position(epoch, lsn, ordinal);
    }
}
