package io.pgcdc.testkit.sink;

/** The sample sink keeps the contract. */
class MemorySinkTest extends HistoryContract {

    @Override
    protected FaultyTarget newTarget() {
        return new MemoryTarget();
    }
}
