package io.pgcdc.testkit.sink;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.model.Change;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kit finds sinks out that break the contract, each in one way. */
class SinkContractTest {

    @Test
    void oneThatSaysDurableTooEarly() {
        HistoryContract contract = MemoryTarget.over(() -> new MemoryTarget() {
            @Override
            public Sink open() {
                return new MemorySink() {
                    @Override
                    void commit(Batch batch) {
                        if (durable.size() + written.size() > 20) {
                            super.commit(batch);
                        }
                    }
                };
            }
        });
        assertThrows(AssertionError.class, contract::whatIsSaidToBeDurableSurvivesACrashAndTheRestIsRepeated);
    }

    @Test
    void oneThatForgetsItsPosition() {
        HistoryContract contract = MemoryTarget.over(() -> new MemoryTarget() {
            @Override
            public Sink open() {
                return new MemorySink() {
                    @Override
                    void commit(Batch batch) {
                        super.commit(batch);
                        position = null;
                    }

                    @Override
                    public Durability write(Batch batch) {
                        super.write(batch);
                        return Durability.ACCEPTED;
                    }
                };
            }
        });
        assertThrows(AssertionError.class, contract::whatIsSaidToBeDurableSurvivesACrashAndTheRestIsRepeated);
    }

    @Test
    void oneThatKeepsWhatAFailedWriteBegan() {
        HistoryContract contract = MemoryTarget.over(() -> new MemoryTarget() {
            @Override
            public Sink open() {
                return new MemorySink() {
                    @Override
                    public Durability write(Batch batch) {
                        batch.forEach(this::add);
                        if (batch.endsAtCommit()) {
                            operation();
                            commit(batch);
                        }
                        return batch.endsAtCommit() ? Durability.DURABLE : Durability.ACCEPTED;
                    }
                };
            }
        });
        assertThrows(AssertionError.class, contract::whatFailsForAWhileIsWrittenWhenItIsTriedAgain);
    }

    @Test
    void oneThatKeepsChangesForLater() {
        HistoryContract contract = MemoryTarget.over(() -> new MemoryTarget() {
            @Override
            public Sink open() {
                return new MemorySink() {
                    @Override
                    public Durability write(Batch batch) {
                        List<Change> kept = new ArrayList<>();
                        batch.forEach(kept::add);
                        kept.forEach(this::add);
                        commit(batch);
                        return Durability.DURABLE;
                    }
                };
            }
        });
        assertThrows(AssertionError.class, contract::everyChangeArrivesOnceAndInOrder);
    }

    @Test
    void oneThatSwallowsWhatTheBatchThrows() {
        HistoryContract contract = MemoryTarget.over(() -> new MemoryTarget() {
            @Override
            public Sink open() {
                return new MemorySink() {
                    @Override
                    public Durability write(Batch batch) {
                        try {
                            return super.write(batch);
                        } catch (RuntimeException e) {
                            return Durability.DURABLE;
                        }
                    }
                };
            }
        });
        assertThrows(AssertionError.class, contract::whatTheBatchThrowsIsPassedOn);
        assertThrows(AssertionError.class, contract::whatFailsForAWhileIsWrittenWhenItIsTriedAgain);
    }
}
