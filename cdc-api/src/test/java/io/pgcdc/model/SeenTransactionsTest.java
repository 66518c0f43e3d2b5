package io.pgcdc.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which transactions a snapshot sees. */
class SeenTransactionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "700:710: 709 true",
                "700:710: 700 true",
                "700:710: 3 true",
                "700:710: 710 false",
                "700:710: 711 false",
                "700:710:700,705 700 false",
                "700:710:700,705 701 true",
                "700:710:700,705 705 false",
                // in a later round of ids, of which the stream has the low half
                "4294968000:4294968006: 709 true",
                "4294968000:4294968006: 710 false",
                "4294968000:4294968006:4294968001 705 false",
                "4294968000:4294968006: 4294967290 true",
                // the round begins anew just now
                "4294967290:4294967295: 4294967295 false",
                "4294967290:4294967295: 3 false",
                // a row of a snapshot has no transaction
                "4294967290:4294967295: 0 true",
                "8589934590:8589934600:8589934591 4294967295 false",
                "8589934590:8589934600:8589934591 4294967294 true",
                // of another history: so far ahead that this server cannot have it
                "700:710: 20000000 true",
                "700:710: 2400000000 true"
            })
    void aTransactionIsSeenOnceItHasEnded(String snapshot, long xid, boolean seen) {
        assertEquals(seen, SeenTransactions.parse(snapshot).sees((int) xid));
    }
}
