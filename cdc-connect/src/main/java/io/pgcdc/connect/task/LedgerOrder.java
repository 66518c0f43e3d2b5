package io.pgcdc.connect.task;

/**
 * The order of offsets where no Kafka transaction keeps them together. A snapshot's ledger says which rows are read again because a change lacked a
 * value. If Kafka Connect committed the stream's offset after that change, but not the ledger's, nobody would read them. So no record of the stream
 * follows a ledger that Kafka may not have yet. The task's thread.
 */
final class LedgerOrder {

    private final AnswerWatch answers;
    private boolean areUnderWay;

    LedgerOrder(AnswerWatch answers) {
        this.answers = answers;
    }

    /**
     * Waits for the ledgers that were given.
     *
     * @param waitMs the longest wait
     */
    void await(long waitMs) throws InterruptedException {
        areUnderWay = areUnderWay && !answers.await(waitMs);
    }

    /** Notes that a ledger is given now. */
    void given() {
        areUnderWay = true;
    }

    /** Returns true if Kafka may not have all ledgers yet: no record of the stream may be given. */
    boolean areUnderWay() {
        return areUnderWay;
    }

    /** Returns true if all records of a parcel may be given now; false: its ledgers only. They are noted as given. */
    boolean mayGo(Parcel parcel) {
        areUnderWay |= parcel.ledgers() > 0;
        return !areUnderWay || parcel.ledgers() == parcel.records().size();
    }
}
