package io.pgcdc.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.guard.WalHolder.Kind;
import io.pgcdc.model.Lsn;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WalHolderTest {

    private static final long MB = Readings.MB;

    private static SinkPlace sink(String name, long mb) {
        return new SinkPlace(name, mb * MB, "");
    }

    private static SlotReading slot(long restartMb, long confirmedMb, long endMb, @Nullable OpenTransaction oldest) {
        return Readings.reading(0, restartMb * MB, confirmedMb * MB, endMb * MB, null, null, oldest);
    }

    private static OpenTransaction open(@Nullable Long ageS) {
        return new OpenTransaction(null, 4711, "771", "psql, as app, in shop", ageS == null ? null : ageS * 1_000);
    }

    @Test
    void theSlowestSinkHoldsWhatItLacks() {
        WalHolder holder = WalHolder.of(
                slot(90, 100, 1_200, null), false, 1_200 * MB, 1_200 * MB, List.of(sink("a", 1_199), sink("b", 100)));
        assertEquals(Kind.SINK, holder.kind());
        assertEquals("b", holder.name());
        assertEquals(1_100 * MB, holder.bytes());
        assertEquals("sink \"b\" holds it, 1.2 GB behind", holder.text());
    }

    @Test
    void aSinkThatHasNothingOfTheEpochHoldsWhatIsNotConfirmed() {
        WalHolder holder = WalHolder.of(
                slot(90, 100, 200, null),
                false,
                200 * MB,
                200 * MB,
                List.of(new SinkPlace("b", Lsn.INVALID, "has failed")));
        assertEquals(100 * MB, holder.bytes());
        assertTrue(holder.text().startsWith("sink \"b\" (has failed) holds it"), holder.text());
    }

    @Test
    void underQueueASinkHoldsNothing() {
        WalHolder holder =
                WalHolder.of(slot(1_190, 1_199, 1_200, null), true, 1_200 * MB, 1_200 * MB, List.of(sink("b", 100)));
        assertEquals(Kind.NOBODY, holder.kind());
    }

    /** Other databases write; the sink has all that the queue has. */
    @Test
    void aSinkThatHasEverythingHoldsNothing() {
        WalHolder holder =
                WalHolder.of(slot(90, 100, 1_200, null), false, 1_200 * MB, 100 * MB, List.of(sink("b", 100)));
        assertEquals(Kind.NOBODY, holder.kind());
    }

    @Test
    void anOpenTransactionHoldsWhatIsConfirmedAndKept() {
        WalHolder holder = WalHolder.of(
                slot(100, 1_190, 1_200, open(11_400L)), false, 1_200 * MB, 1_200 * MB, List.of(sink("b", 1_190)));
        assertEquals(Kind.TRANSACTION, holder.kind());
        assertEquals(1_100 * MB, holder.bytes());
        assertEquals(
                "transaction 771 of process 4711 (psql, as app, in shop), open for 3 h 10 min, holds it",
                holder.text());
        assertTrue(holder.remedy().contains("pg_terminate_backend(4711)"), holder.remedy());
    }

    @Test
    void aPreparedTransactionIsNamedByItsGid() {
        OpenTransaction prepared = new OpenTransaction("it's", null, "771", "as app, in shop", 60_000L);
        WalHolder holder = WalHolder.of(
                slot(100, 1_190, 1_200, prepared), false, 1_200 * MB, 1_200 * MB, List.of(sink("b", 1_190)));
        assertEquals(Kind.PREPARED_TRANSACTION, holder.kind());
        assertTrue(holder.text().startsWith("prepared transaction \"it's\""), holder.text());
        assertTrue(holder.remedy().contains("'it''s'"), holder.remedy());
    }

    @Test
    void aYoungTransactionHoldsNoMoreThanOthersDo() {
        for (Long age : new Long[] {14L, null}) {
            assertEquals(
                    Kind.NOBODY,
                    WalHolder.of(slot(100, 1_200, 1_200, open(age)), false, 1_200 * MB, 1_200 * MB, List.of())
                            .kind());
        }
    }

    @Test
    void theLargerPartDecides() {
        SlotReading both = slot(100, 400, 1_200, open(11_400L));
        assertEquals(
                Kind.SINK,
                WalHolder.of(both, false, 1_200 * MB, 1_200 * MB, List.of(sink("b", 400)))
                        .kind());
    }

    @Test
    void whatIsNotReadIsHeldByTheReader() {
        WalHolder holder = WalHolder.of(slot(90, 100, 1_200, null), false, 100 * MB, 100 * MB, List.of(sink("b", 100)));
        assertEquals(Kind.READER, holder.kind());
        assertEquals(1_100 * MB, holder.bytes());
    }
}
