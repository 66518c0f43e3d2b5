package io.pgcdc.testkit.sink;

/** The sample sink keeps the contract. */
class MemorySinkTest extends SinkContract {

    @Override
    protected FaultyTarget newTarget() {
        return new MemoryTarget();
    }
}
