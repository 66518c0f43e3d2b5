package io.pgcdc.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {

    @Test
    void anErrorOfAFindingReadsAsTheFinding() {
        Finding finding = Finding.fatal(
                ErrorCode.WAL_LEVEL_NOT_LOGICAL,
                "wal_level is replica",
                "db:5432/shop as cdc",
                Remedy.sql("As a superuser", "ALTER SYSTEM SET wal_level = logical;")
                        .thenRestart());
        SourceException error = new SourceException(finding, null);
        assertEquals(
                "wal_level is replica; db:5432/shop as cdc. As a superuser: ALTER SYSTEM SET wal_level = logical; Then restart the"
                        + " server.",
                error.getMessage());
        assertEquals(List.of(finding), error.findings());
    }

    @Test
    void anErrorsMessageIsTakenApart() {
        Finding finding = new QueueException(
                        ErrorCode.QUEUE_LOCKED, "queue is in use by process 7; /var/q. Stop it. Or wait.")
                .findings()
                .get(0);
        assertEquals(
                Finding.fatal(ErrorCode.QUEUE_LOCKED, "queue is in use by process 7", "/var/q", "Stop it. Or wait."),
                finding);
    }

    @Test
    void aMessageWithoutAPlaceOrARemedyIsKept() {
        assertEquals(
                List.of(Finding.fatal(ErrorCode.QUEUE_IO, "it broke", "", "Repair it.")),
                new QueueException(ErrorCode.QUEUE_IO, "it broke. Repair it.").findings());
        assertEquals(
                List.of(Finding.fatal(ErrorCode.QUEUE_IO, "it broke", "here", "")),
                new QueueException(ErrorCode.QUEUE_IO, "it broke; here").findings());
    }

    @Test
    void settingsAreNotPartOfTheSentences() {
        assertEquals(
                "Start with --create-slot.",
                Remedy.config("Start with --create-slot.", "source.create_slot: true")
                        .text());
    }
}
