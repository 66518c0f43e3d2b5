package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a sink that accepts batches is flushed. The linger time is 200 ms, and the clock begins at 1,000 ms. */
class FlushPolicyTest {

    private static final long START = ms(1_000);

    private final FlushPolicy policy = new FlushPolicy(200, START);

    private static long ms(long milliseconds) {
        return TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    @Test
    void aSingleBatchIsFlushedAtOnce() {
        assertFalse(policy.isDue(true, START));
        assertEquals(0, policy.msUntilDue(START));
    }

    @Test
    void batchesOneByOneShareAFlush() {
        policy.flushing(START);
        assertFalse(policy.isDue(true, START + ms(5)));
        assertEquals(15, policy.msUntilDue(START + ms(5)));
        assertEquals(0, policy.msUntilDue(START + ms(20)));
    }

    @Test
    void underLoadABatchWaitsForTheLingerTime() {
        assertFalse(policy.isDue(true, START));
        assertFalse(policy.isDue(true, START + ms(199)));
        assertTrue(policy.isDue(true, START + ms(200)));
        policy.flushing(START + ms(200));
        assertFalse(policy.isDue(true, START + ms(300)), "the wait begins anew");
        assertFalse(policy.isDue(true, START + ms(499)));
        assertTrue(policy.isDue(true, START + ms(500)));
    }

    @Test
    void durableOrLostBatchesNeedNoFlush() {
        assertFalse(policy.isDue(true, START));
        assertFalse(policy.isDue(false, START + ms(300)), "made durable by the sink itself");
        assertFalse(policy.isDue(true, START + ms(400)));
        policy.forget();
        assertFalse(policy.isDue(true, START + ms(700)), "counted from here on");
        assertTrue(policy.isDue(true, START + ms(900)));
    }

    @Test
    void aShortLingerTimeShortensThePauseBetweenFlushes() {
        FlushPolicy none = new FlushPolicy(0, START);
        none.flushing(START);
        assertEquals(0, none.msUntilDue(START));
        assertFalse(none.isDue(true, START));
        assertTrue(none.isDue(true, START));
    }
}
