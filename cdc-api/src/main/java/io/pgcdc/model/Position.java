package io.pgcdc.model;

/**
 * The identity of a change: unique, and strictly increasing along the stream. Printed as {@code 0/1A2B3C8:5}, or as {@code
 * 0/1A2B3C8:5@1} in a later epoch. A row of a snapshot prints as {@code 0/1A2B3C8:r12}.
 *
 * <p>At one LSN the order is: rows of snapshots, a message outside a transaction, the transaction that commits there.
 *
 * @param epoch counts accepted forks of history; LSNs repeat across epochs
 * @param commitLsn LSN of the commit record of the change's transaction; of a message outside a transaction, its own LSN; of a row of
 *     a snapshot, the LSN that the snapshot shows
 * @param ordinal the place in the transaction, from 0; {@link #MESSAGE_ORDINAL} for a message outside a transaction; of a row of a
 *     snapshot, {@link #FIRST_READ_ORDINAL} and its number at that LSN
 */
public record Position(int epoch, long commitLsn, long ordinal) implements Comparable<Position> {

    /** Sorts before ordinal 0: the LSN of a non-transactional message can equal that of the next commit. */
    public static final long MESSAGE_ORDINAL = -1;

    /** The ordinal of the first row of a snapshot at an LSN. Sorts before all others there. */
    public static final long FIRST_READ_ORDINAL = Long.MIN_VALUE;

    /** The letter before the number of a row of a snapshot. */
    private static final char READ = 'r';

    /**
     * Returns the position of a row of a snapshot.
     *
     * @param number from 0; never repeats at that LSN, however many snapshots show it
     */
    public static Position ofRead(int epoch, long lsn, long number) {
        if (number < 0 || FIRST_READ_ORDINAL + number >= MESSAGE_ORDINAL) {
            throw new IllegalArgumentException("number " + number + " of a row of a snapshot");
        }
        return new Position(epoch, lsn, FIRST_READ_ORDINAL + number);
    }

    /** Returns true if this ordinal is that of a row of a snapshot. */
    public static boolean isRead(long ordinal) {
        return ordinal < MESSAGE_ORDINAL;
    }

    /**
     * Returns true if this is the position of a change in the same transaction; or both are messages outside transactions, or rows of
     * snapshots, at one LSN. Such a message and such rows are apart from the transaction that commits at their LSN.
     */
    public boolean isTogetherWith(int otherEpoch, long otherCommitLsn, long otherOrdinal) {
        return epoch == otherEpoch && commitLsn == otherCommitLsn && rank(ordinal) == rank(otherOrdinal);
    }

    /** Returns the place of an ordinal's kind in the order at one LSN. */
    private static int rank(long ordinal) {
        return isRead(ordinal) ? 0 : ordinal == MESSAGE_ORDINAL ? 1 : 2;
    }

    /** Returns true if a row of a snapshot has this position. */
    public boolean isRead() {
        return isRead(ordinal);
    }

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
        String place = Lsn.toString(commitLsn) + ":"
                + (isRead() ? READ + Long.toString(ordinal - FIRST_READ_ORDINAL) : ordinal);
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
        String place = text.substring(colon + 1, at < 0 ? text.length() : at);
        int epoch = at < 0 ? 0 : Integer.parseInt(text.substring(at + 1));
        if (place.startsWith("r")) {
            return ofRead(epoch, lsn, Long.parseLong(place.substring(1)));
        }
        long ordinal = Long.parseLong(place);
        if (ordinal < MESSAGE_ORDINAL) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        return new Position(epoch, lsn, ordinal);
    }
}
