package io.pgcdc.delivery;

import io.pgcdc.model.Position;

/** Rounds positions, so that what lies between them is whole: transactions, messages, and the rows of snapshots at one LSN. */
final class WholeTransactions {

    private WholeTransactions() {}

    /** Returns the first position of what the change belongs to. */
    static Position first(Position of) {
        long ordinal = of.isRead()
                ? Position.FIRST_READ_ORDINAL
                : of.ordinal() == Position.MESSAGE_ORDINAL ? Position.MESSAGE_ORDINAL : 0;
        return new Position(of.epoch(), of.commitLsn(), ordinal);
    }

    /** Returns the last possible position of what the change belongs to. */
    static Position last(Position of) {
        long ordinal = of.isRead()
                ? Position.MESSAGE_ORDINAL - 1
                : of.ordinal() == Position.MESSAGE_ORDINAL ? Position.MESSAGE_ORDINAL : Long.MAX_VALUE;
        return new Position(of.epoch(), of.commitLsn(), ordinal);
    }

    /** Returns the greatest position that is less than the first one of what the change belongs to. */
    static Position before(Position of) {
        return justBefore(first(of));
    }

    /** Returns the greatest position that is less than this one. */
    static Position justBefore(Position position) {
        return position.ordinal() == Long.MIN_VALUE
                ? new Position(position.epoch(), position.commitLsn() - 1, Long.MAX_VALUE)
                : new Position(position.epoch(), position.commitLsn(), position.ordinal() - 1);
    }
}
