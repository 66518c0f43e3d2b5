package io.pgcdc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class ServerWordsTest {

    private static PSQLException error(String fields) {
        return new PSQLException(new ServerErrorMessage("SERROR\0VERROR\0" + fields + "\0"));
    }

    /** Of errors about data, what stands in quotes may be a row's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "22012 | division by zero | division by zero",
                "22P02 | invalid input syntax for type integer: \"secret\" | invalid input syntax for type integer: …",
                "22003 | value \"99\" is out of range for type integer | value …",
                "22P02 | syntaxe en entrée invalide pour le type integer : «secret» | syntaxe en entrée invalide pour le type integer : …",
                "22P02 | ungültige Eingabesyntax für Typ integer: „secret“ | ungültige Eingabesyntax für Typ integer: …",
                "23514 | value for domain d violates check constraint \"c\" | value for domain d violates check constraint …",
                "22P02 | invalid input syntax for type json: \"{\\\"password\\\":\\\"x\\\"}\" | invalid input syntax for type json: …",
                "P0001 | customer secret is not allowed | a function raised an exception",
                "42P01 | relation \"t\" does not exist | relation \"t\" does not exist",
                "0A000 | cannot use different column lists for table \"public.t\" in different publications | cannot use different column lists for table \"public.t\" in different publications",
            })
    void noValueIsRepeated(String state, String message, String said) {
        assertEquals(said, ServerWords.said(error("C" + state + "\0M" + message + "\0")));
        assertEquals(said + " (SQLSTATE " + state + ")", ServerWords.all(error("C" + state + "\0M" + message + "\0")));
    }

    @Test
    void aValueOfSeveralLinesIsNotRepeated() {
        assertEquals(
                "invalid input syntax for type integer: …",
                ServerWords.said(error("C22P02\0Minvalid input syntax for type integer: \"secret\nmore\"\0")));
    }

    @Test
    void detailAndHintAreToldUnlessTheyMayHoldValues() {
        String more = "DCannot enlarge string buffer containing 5 bytes by 1 more.\0HTry less.\0";
        assertEquals(
                "out of memory (SQLSTATE 54000; Cannot enlarge string buffer containing 5 bytes by 1 more; Try less)",
                ServerWords.all(error("C54000\0Mout of memory\0" + more)));
        assertEquals("bad (SQLSTATE 22023)", ServerWords.all(error("C22023\0Mbad\0" + more)));
    }

    @Test
    void theLsnIsTheContexts() {
        String context = "Wslot \"s\", output plugin \"pgoutput\", in the change callback, associated LSN 0/1911858\0";
        assertEquals("0/1911858", ServerWords.lsn(error("C22012\0Mdivision by zero\0" + context)));
        assertNull(ServerWords.lsn(error("C22012\0Mdivision by zero\0")));
        assertNull(ServerWords.lsn(new PSQLException("no answer", PSQLState.CONNECTION_FAILURE)));
    }

    @Test
    void pgjdbcsOwnErrorIsNoWordOfTheServer() {
        assertNull(ServerWords.message(new PSQLException("no answer", PSQLState.CONNECTION_FAILURE)));
        assertNull(ServerWords.message(null));
    }
}
