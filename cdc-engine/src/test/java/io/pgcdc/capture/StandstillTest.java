package io.pgcdc.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.Standstill.StreamPlace;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.session.SourceErrors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class StandstillTest {

    private static final StreamPlace HERE = new StreamPlace(0x20, 0x10, Lsn.INVALID);
    private static final StreamPlace FURTHER = new StreamPlace(0x40, 0x30, Lsn.INVALID);

    private final Standstill standstill = new Standstill("s", () -> "db:5432/shop as cdc");

    private static SourceException said(String state) {
        String context = "Wslot \"s\", output plugin \"pgoutput\", in the change callback, associated LSN 0/99\0";
        return SourceErrors.streaming(
                new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0Mit fails\0" + context + "\0")),
                "s",
                "db");
    }

    private void passes(int times, String state, StreamPlace place) {
        for (int i = 0; i < times; i++) {
            assertNull(standstill.failed(said(state), place));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"22012", "0A000", "54000", "XX000", "42883", "55000", "58P01"})
    void theSamePermanentErrorAtOnePlaceEndsTheRun(String state) {
        passes(Standstill.MOST - 1, state, HERE);
        SourceException end = standstill.failed(said(state), HERE);
        assertNotNull(end);
        assertEquals(ErrorCode.STREAM_STANDSTILL, end.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P01", "57P05", "25P04", "53100", "55006", "40001", "57014"})
    void temporaryErrorsAreNotCounted(String state) {
        passes(100, state, HERE);
    }

    @Test
    void aLostConnectionIsNotCounted() {
        SourceException lost = new SourceException(
                ErrorCode.CONNECTION_LOST, "reset", new PSQLException("reset", PSQLState.CONNECTION_FAILURE));
        for (int i = 0; i < 100; i++) {
            assertNull(standstill.failed(lost, HERE));
            assertNull(standstill.failed(new SourceException(ErrorCode.CONNECTION_LOST, "silent"), HERE));
        }
    }

    /** Errors that come while the server releases the slot do not reset the count. */
    @Test
    void otherErrorsInBetweenDoNotResetTheCount() {
        for (int i = 1; i < Standstill.MOST; i++) {
            passes(1, "22012", HERE);
            passes(3, "55006", HERE);
        }
        assertNotNull(standstill.failed(said("22012"), HERE));
    }

    @Test
    void aCommitOrAnotherErrorResetsTheCount() {
        passes(Standstill.MOST - 1, "22012", HERE);
        passes(Standstill.MOST - 1, "22012", FURTHER);
        passes(Standstill.MOST - 1, "XX000", FURTHER);
    }

    @Test
    void theMessageHasTheCommandToContinue() {
        passes(Standstill.MOST - 1, "22012", HERE);
        String unknown = message(HERE);
        assertTrue(unknown.startsWith(
                "the server gives the same error each time, at LSN 0/99: it fails (SQLSTATE 22012);"));
        assertTrue(unknown.contains("slot \"s\" at db:5432/shop as cdc. Nothing after LSN 0/20 arrives"), unknown);
        assertTrue(unknown.contains("SELECT pg_replication_slot_advance('s', pg_current_wal_flush_lsn());"), unknown);
        assertTrue(unknown.contains("This loses all transactions that commit from 0/20 up to that moment;"), unknown);
        String known = message(new StreamPlace(0x20, 0x10, 0xABC));
        assertTrue(known.contains("SELECT pg_replication_slot_advance('s', '0/ABD');"), known);
        assertTrue(known.contains("This loses the transaction that committed at 0/ABC."), known);
    }

    private String message(StreamPlace place) {
        SourceException end = standstill.failed(said("22012"), place);
        return end == null ? "" : String.valueOf(end.getMessage());
    }
}
