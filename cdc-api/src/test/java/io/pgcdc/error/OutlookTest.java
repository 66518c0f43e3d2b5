package io.pgcdc.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;

/** Every class of the documentation's appendix "PostgreSQL Error Codes", and each state that differs from its class. */
class OutlookTest {

    @ParameterizedTest
    @CsvSource({
        "00000, PERMANENT", "01000, PERMANENT", "02000, PERMANENT", "03000, PERMANENT", "09000, PERMANENT",
        "0A000, PERMANENT", "0B000, PERMANENT", "0F000, PERMANENT", "0L000, PERMANENT", "0P000, PERMANENT",
        "0Z000, PERMANENT", "10608, PERMANENT", "20000, PERMANENT", "21000, PERMANENT", "24000, PERMANENT",
        "26000, PERMANENT", "27000, PERMANENT", "2B000, PERMANENT", "2D000, PERMANENT", "2F000, PERMANENT",
        "34000, PERMANENT", "38000, PERMANENT", "39000, PERMANENT", "3B000, PERMANENT", "3F000, PERMANENT",
        "44000, PERMANENT", "72000, PERMANENT", "F0000, PERMANENT", "HV000, PERMANENT", "P0001, PERMANENT",
        "?, PERMANENT", "99999, PERMANENT",
    })
    void classesThatNothingButAPersonChanges(String state, Outlook expected) {
        assertEquals(expected, Outlook.of(state));
    }

    @ParameterizedTest
    @CsvSource({
        // a row filter that divides by zero; a text that is no number; a byte that is no text
        "22012, PERMANENT",
        "22P02, PERMANENT",
        "22021, PERMANENT",
        "22023, PERMANENT",
        "23502, PERMANENT",
        "23505, PERMANENT",
        "23514, PERMANENT",
        "25000, PERMANENT",
        "25001, PERMANENT",
        "25006, PERMANENT",
        "25P02, PERMANENT",
        "25P03, CONNECTION",
        "25P04, CONNECTION",
        "28000, PERMANENT",
        "28P01, PERMANENT",
        "3D000, PERMANENT",
        "40000, CONTENTION",
        "40001, CONTENTION",
        "40003, CONTENTION",
        "40P01, CONTENTION",
        "42501, PERMANENT",
        "42601, PERMANENT",
        "42704, PERMANENT",
        "42883, PERMANENT",
        "42P01, PERMANENT",
        "53000, SERVER",
        "53100, SERVER",
        "53200, SERVER",
        "53300, SERVER",
        "53400, CONTENTION",
        // a row that is too large to be sent
        "54000, PERMANENT",
        "54001, PERMANENT",
        "55000, PERMANENT",
        "55006, CONTENTION",
        "55P02, PERMANENT",
        "55P03, CONTENTION",
        "57000, SERVER",
        "57014, CONTENTION",
        "57P01, SERVER",
        "57P02, SERVER",
        "57P03, SERVER",
        "57P04, CONNECTION",
        "57P05, CONNECTION",
        "58000, PERMANENT",
        "58030, PERMANENT",
        "58P01, PERMANENT",
        "58P02, PERMANENT",
        "XX000, PERMANENT",
        "XX001, PERMANENT",
        "XX002, PERMANENT",
    })
    void whatTheServerAnswers(String state, Outlook expected) {
        assertEquals(expected, Outlook.of(state));
    }

    @ParameterizedTest
    @CsvSource({"08000", "08001", "08003", "08004", "08006", "08007", "08P01"})
    void anyTroubleWithTheConnection(String state) {
        assertEquals(Outlook.CONNECTION, Outlook.of(state));
    }

    @ParameterizedTest
    @NullAndEmptySource
    void noAnswerAtAll(String state) {
        assertEquals(Outlook.CONNECTION, Outlook.of(state));
    }

    @Test
    void aStateThatPostgresqlDoesNotHave() {
        assertEquals(Outlook.PERMANENT, Outlook.of("ZZ123"));
    }
}
