package io.pgcdc.sinks.kafka.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.testkit.sink.TestChanges;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which offsets a slot proves. Its stream has transactions 256, 512 and 768, whose xid is their commit LSN; their INSERTs have the LSN before
 * that and commit at 1, 2 and 3 µs. At 1024 there is a logical message, with LSN 1023. The server's WAL ends at 2000.
 */
class OffsetProofTest {

    private static final long WAL_END = 2_000;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # confirmed | the offset, as connectors write it                                                                        | verdict        | counts as sent
            # a change
            200  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":256}                                                     | SEEN           | 0/100:0
            200  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":256,"ts_usec":1}                                         | SEEN           | 0/100:0
            200  | {"lsn":767,"lsn_proc":767,"messageType":"INSERT","txId":768,"lsn_commit":520,"ts_usec":3}                        | SEEN           | 0/300:0
            200  | {"lsn":767,"lsn_proc":767,"messageType":"INSERT","txId":768,"lsn_commit":600}                                    | SEEN           | 0/300:0
            200  | {"lsn":1023,"lsn_proc":770,"messageType":"MESSAGE","lsn_commit":770}                                             | SEEN           | 0/400:0
            200  | {"lsn":767,"txId":768,"lsn_proc":767}                                                                            | SEEN           | 0/300:0
            200  | {"lsn":767,"lsn_proc":767}                                                                                       | SEEN           | 0/300:0
            # several share the LSN: none of them counts
            200  | {"lsn":511,"lsn_proc":511,"messageType":"INSERT","txId":512,"lsn_commit":260}                                    | SEEN           | 0/100:0
            # the slot has passed it
            256  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":250}                                                     | PASSED         |
            300  | {"lsn":299,"lsn_proc":299,"messageType":"INSERT","txId":250,"lsn_commit":300}                                    | PASSED         |
            # another xid, kind, commit time, LSN
            200  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":257}                                                     | NOT_SEEN       |
            200  | {"lsn":767,"lsn_proc":767,"messageType":"INSERT","txId":257,"lsn_commit":600}                                    | NOT_SEEN       | 0/200:1
            200  | {"lsn":255,"lsn_proc":255,"messageType":"UPDATE","txId":256}                                                     | NOT_SEEN       |
            200  | {"lsn":1023,"lsn_proc":1023,"messageType":"INSERT"}                                                              | NOT_SEEN       |
            200  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":256,"ts_usec":2}                                         | NOT_SEEN       |
            200  | {"lsn":254,"lsn_proc":254,"messageType":"INSERT","txId":256}                                                     | NOT_SEEN       |
            200  | {"lsn":1500,"lsn_proc":1500,"messageType":"INSERT","txId":2000,"lsn_commit":1400}                                | NOT_SEEN       | 0/400:0
            # beyond the end of the WAL
            200  | {"lsn":2001,"lsn_proc":2001,"messageType":"INSERT","txId":256}                                                   | BEYOND_WAL     |
            200  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":256,"lsn_commit":2001}                                   | BEYOND_WAL     | 0/400:0
            200  | {"lsn":2001,"lsn_proc":2001,"messageType":"COMMIT","txId":256,"lsn_commit":2001}                                 | BEYOND_WAL     | 0/400:0
            200  | {"lsn_proc":9924022912,"messageType":"INSERT","lsn_commit":9924022800,"lsn":9924022912,"txId":771}               | BEYOND_WAL     | 0/400:0
            200  | {"lsn":9223372036854775807,"snapshot":"INITIAL","snapshot_completed":true}                                       | BEYOND_WAL     |
            # the end of a transaction
            200  | {"lsn":520,"lsn_proc":520,"lsn_commit":520,"messageType":"COMMIT","txId":512,"ts_usec":2}                        | SEEN           | 0/200:1
            200  | {"lsn":511,"lsn_proc":520,"lsn_commit":520,"messageType":"INSERT","txId":512}                                    | SEEN           | 0/200:1
            200  | {"lsn":511,"lsn_proc":520,"txId":512}                                                                            | SEEN           | 0/200:1
            520  | {"lsn":520,"lsn_proc":520,"lsn_commit":520,"messageType":"COMMIT","txId":500}                                    | PASSED         |
            200  | {"lsn":520,"lsn_proc":520,"lsn_commit":520,"messageType":"COMMIT","txId":513}                                    | NOT_SEEN       | 0/200:1
            200  | {"lsn":520,"lsn_proc":520,"lsn_commit":520,"messageType":"COMMIT","txId":512,"ts_usec":3}                        | NOT_SEEN       | 0/200:1
            200  | {"lsn":520,"lsn_proc":520,"lsn_commit":520,"messageType":"COMMIT"}                                               | NOT_SEEN       | 0/200:1
            200  | {"lsn":511,"lsn_proc":520,"lsn_commit":520,"messageType":"DELETE","txId":512}                                    | NOT_SEEN       | 0/200:1
            200  | {"lsn":520,"lsn_proc":520,"lsn_commit":520,"messageType":"COMMIT","txId":768}                                    | NOT_SEEN       | 0/200:1
            # the begin of one
            200  | {"lsn":510,"lsn_proc":260,"lsn_commit":260,"messageType":"BEGIN","txId":512,"ts_usec":2,"transaction_id":"512"}  | SEEN           | 0/100:0
            200  | {"lsn":250,"lsn_proc":200,"messageType":"BEGIN","txId":256}                                                      | SEEN           |
            200  | {"lsn":250,"lsn_proc":200,"lsn_commit":200,"messageType":"BEGIN","txId":257}                                     | NOT_SEEN       |
            200  | {"lsn":512,"lsn_proc":260,"lsn_commit":260,"messageType":"BEGIN","txId":512}                                     | NOT_SEEN       | 0/100:0
            250  | {"lsn":250,"lsn_proc":200,"lsn_commit":200,"messageType":"BEGIN","txId":257}                                     | PASSED         |
            # what no connector writes
            200  | {"lsn":255,"lsn_proc":255,"messageType":"INSERT","txId":256,"lsn_commit":600}                                    | CONTRADICTORY  | 0/200:1
            200  | {"lsn":510,"lsn_proc":600,"lsn_commit":600,"messageType":"BEGIN","txId":512}                                     | CONTRADICTORY  | 0/200:1
            200  | {"lsn":800,"lsn_proc":800,"lsn_commit":800,"messageType":"COMMIT","txId":512}                                    | CONTRADICTORY  | 0/300:0
            # a snapshot
            200  | {"lsn":200,"snapshot":"INITIAL","snapshot_completed":true,"last_snapshot_record":true,"txId":256,"ts_usec":9}    | PASSED         |
            200  | {"lsn":200,"txId":256,"ts_usec":9}                                                                               | PASSED         |
            200  | {"lsn":255,"txId":256,"ts_usec":1}                                                                               | SNAPSHOT_AHEAD |
            200  | {"lsn":255,"snapshot":"INITIAL","last_snapshot_record":true}                                                     | SNAPSHOT_AHEAD |
            """)
    void anOffsetIsAcceptedWhereTheSlotProvesIt(
            long confirmed, String offset, OffsetProof.Verdict verdict, @Nullable String countsAsSent) {
        PlaceFinder place = read(confirmed, offset);
        Position sent = place.sent();
        assertEquals(countsAsSent, sent == null ? null : sent.toString());
        SlotFacts slot = new SlotFacts("shop", confirmed, WAL_END);
        assertEquals(
                verdict,
                OffsetProof.judge(
                        place.offset(), slot, place.namedCommitLsn(), sent == null ? null : sent.commitLsn()));
    }

    /** What the slot has not passed, as far as it is wanted. */
    private static PlaceFinder read(long confirmed, String offset) {
        boolean[] found = new boolean[1];
        PlaceFinder place = new PlaceFinder(DebeziumOffset.parse(offset), () -> found[0] = true);
        for (TestChanges changes : List.of(
                new TestChanges(1).insert("1", "a"),
                new TestChanges(2).insert("2", "b").insert("3", "c"),
                new TestChanges(3).insert("4", "d"),
                new TestChanges(4).message("p", "x"))) {
            Batch batch = changes.batch();
            if (!found[0] && batch.lastPosition().commitLsn() >= confirmed) {
                place.write(batch);
            }
        }
        return place;
    }

    @Test
    void nothingThatTheSlotStillHasCountsAsPassed() {
        DebeziumOffset offset = DebeziumOffset.parse("{\"lsn\":255,\"lsn_proc\":255,\"txId\":250}");
        SlotFacts slot = new SlotFacts("shop", 300, WAL_END);
        assertEquals(OffsetProof.Verdict.PASSED, OffsetProof.judge(offset, slot, null, null));
        assertEquals(OffsetProof.Verdict.NOT_SEEN, OffsetProof.judge(offset, slot, null, 256L));
    }

    @Test
    void aRefusalSaysWhereBothStandAndWhatToDo() {
        PlaceFinder place = read(200, "{\"lsn\":254,\"lsn_proc\":254,\"messageType\":\"INSERT\",\"txId\":4294967295}");
        SinkException refused = assertThrows(
                SinkException.class, () -> OffsetProof.require(place, new SlotFacts("shop", 200, WAL_END)));
        assertEquals(ErrorCode.TAKEOVER_REFUSED, refused.code());
        for (String part : List.of("INSERT of transaction 4294967295", "0/FE", "\"shop\"", "0/C8", "cdc run")) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
    }
}
