package io.pgcdc.pipeline;

import org.junit.jupiter.api.Test;

/**
 * Ways in which other tools have lost or doubled changes of the stream, by their users' reports; docs/explanation/museum.md has the reports. Each test
 * plays one at every moment at which it can come about, and nothing is lost or doubled.
 */
class PublishedStreamLossesTest {

    /** Lost: the other rows of a COPY or a multi-row INSERT, whose LSN counted as done after the first. */
    @Test
    void rowsOfOneRecordShareAnLsn() {
        Reenactment.of(
                        wal -> wal.copy("a", "1", "2", "3", "4", "5").commit("a"),
                        wal -> wal.copy("b", "6", "7", "8").commit("b"))
                .segmentChanges(2)
                .play();
    }

    /** Lost: the first row, after a restart at the BEGIN that has its LSN. */
    @Test
    void beginAndTheFirstRowShareAnLsn() {
        Reenactment.of(
                        wal -> wal.insert("a", "1").commit("a").others(500).insert("b", "2", "3"),
                        wal -> wal.commit("b").others(500).insert("c", "4").commit("c"))
                .play();
    }

    /** Lost: a whole transaction whose BEGIN and only row have the LSN of the COMMIT before, after a restart there. */
    @Test
    void commitBeginAndInsertShareAnLsn() {
        Reenactment.of(
                        wal -> wal.insert("a", "1").commit("a"),
                        wal -> wal.insert("b", "2").commit("b").insert("c", "3").commit("c"))
                .play();
    }

    /** Lost: rows of transactions that began before the last acknowledged commit, and were in progress at the restart. */
    @Test
    void transactionsInProgressAtARestart() {
        Reenactment.of(
                        wal -> wal.insert("a", "1")
                                .insert("b", "2", "3")
                                .insert("c", "4")
                                .commit("b")
                                .insert("a", "5")
                                .commit("c"),
                        wal -> wal.insert("a", "6").commit("a"))
                .play();
    }

    /** Lost: the first row of a transaction that began after the restart. */
    @Test
    void firstRowOfANewTransactionAfterARestart() {
        Reenactment.of(
                        wal -> wal.insert("a", "1", "2").commit("a").others(5_000),
                        wal -> wal.insert("b", "3", "4").commit("b"))
                .play();
    }

    /** Lost or doubled: rows after a transactional message, which has the LSN of the next record. Then messages outside transactions. */
    @Test
    void rowsAfterALogicalMessage() {
        Reenactment.of(
                        wal -> wal.message("a", "first")
                                .insert("a", "1")
                                .message("a", "second")
                                .commit("a")
                                .note("alone"),
                        wal -> wal.insert("b", "2")
                                .message("b", "third")
                                .insert("b", "3")
                                .commit("b")
                                .note("last"))
                .segmentChanges(2)
                .play();
    }

    /** Doubled or lost: what lies between the stored progress and the slot's position, of which the larger one won. */
    @Test
    void slotStandsBeforeTheStoredProgress() {
        Reenactment.of(
                        wal -> wal.insert("a", "1")
                                .commit("a")
                                .others(100)
                                .insert("b", "2")
                                .commit("b")
                                .others(100)
                                .insert("c", "3", "4")
                                .commit("c"),
                        wal -> {})
                .play();
    }

    /** Lost: what the server was told to forget before the consumer's own checkpoint had it; the quickest of several targets counted. */
    @Test
    void slotFlushedBeforeTheCheckpoint() {
        Reenactment.of(
                        wal -> wal.insert("a", "1").commit("a").insert("b", "2").commit("b"),
                        wal -> wal.insert("c", "3").commit("c"))
                .sinks(3)
                .play();
    }

    /** Lost: changes before a keepalive's position that were received, but had reached nobody. */
    @Test
    void keepaliveBeyondUndeliveredChanges() {
        Reenactment.of(
                        wal -> wal.insert("a", "1", "2")
                                .insert("b", "3")
                                .commit("a")
                                .others(100_000)
                                .commit("b")
                                .others(100_000),
                        wal -> wal.others(100_000).insert("c", "4").commit("c").others(100_000))
                .segmentChanges(1)
                .play();
    }

    /** The primary's disk was lost: the slot did not move while only tables changed that are not published. */
    @Test
    void onlyOtherTablesChange() {
        Reenactment.of(
                        wal -> wal.insert("a", "1")
                                .commit("a")
                                .others(1_000_000)
                                .others(1_000_000),
                        wal -> wal.others(1_000_000))
                .play();
    }

    /** The same: after a restart the heartbeats were not taken, until a table changed. */
    @Test
    void heartbeatsAfterARestart() {
        Reenactment.of(
                        wal -> wal.insert("a", "1")
                                .commit("a")
                                .heartbeat()
                                .others(500_000)
                                .heartbeat(),
                        wal -> wal.others(500_000).heartbeat())
                .silentKeepalives()
                .play();
    }

    /** Lost: a batch whose write failed once. */
    @Test
    void batchWhoseWriteFailsOnce() {
        Reenactment.of(
                        wal -> wal.insert("a", "1", "2", "3")
                                .commit("a")
                                .insert("b", "4")
                                .commit("b")
                                .insert("c", "5", "6")
                                .commit("c"),
                        wal -> {})
                .segmentChanges(2)
                .sinks(2)
                .play();
    }

    /** The process was lost: it held a transaction in memory until its commit. */
    @Test
    void transactionLargerThanMemory() {
        String[] rows = new String[12];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = "row " + i + ":" + "x".repeat(100);
        }
        Reenactment.of(
                        wal -> wal.copy("a", rows).insert("a", "last").commit("a"),
                        wal -> wal.copy("b", rows).commit("b"))
                .segmentBytes(400)
                .play();
    }

    /** Lost: 22 hours of changes. The consumer looked for the stored LSN, which did not come again, and its offsets moved on. */
    @Test
    void storedPositionDoesNotComeAgain() {
        Reenactment.of(
                        wal -> wal.insert("a", "1").commit("a").others(300_000),
                        wal -> wal.others(300_000)
                                .insert("b", "2")
                                .commit("b")
                                .others(300_000)
                                .insert("c", "3")
                                .commit("c"))
                .play();
    }
}
