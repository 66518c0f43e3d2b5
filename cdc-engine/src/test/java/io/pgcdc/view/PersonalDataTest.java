package io.pgcdc.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {

    @ParameterizedTest
    @CsvSource({
        "email,an e-mail address", "E_Mail,an e-mail address", "contactEmail,an e-mail address",
        "phone_no,a phone number", "IBAN,a bank account", "card_number,a card number",
        "date_of_birth,a date of birth", "firstName,a person's name", "ssn,a national number",
        "zip_code,a postal address"
    })
    void namesAreRecognised(String column, String kind) {
        assertEquals(kind, PersonalData.ofName(column));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "order_number", "created_at", "price", "status", "label"})
    void otherNamesAreNot(String column) {
        assertNull(PersonalData.ofName(column));
    }

    @ParameterizedTest
    @CsvSource({
        "ada@example.com,an e-mail address",
        "DE89370400440532013000,a bank account",
        "GB82 WEST 1234 5698 7654 32,a bank account",
        "4111111111111111,a card number",
        "5500-0000-0000-0004,a card number",
        "+49 30 1234567,a phone number",
        "0044 20 7946 0958,a phone number"
    })
    void valuesAreRecognised(String value, String kind) {
        assertEquals(kind, PersonalData.ofValues(List.of(value)));
    }

    /** The checksums decide: one digit is wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"DE89370400440532013001", "4111111111111112", "1234567890123", "ada@example", "A-1", "+12"})
    void otherValuesAreNot(String value) {
        assertNull(PersonalData.ofValues(List.of(value)));
    }

    @Test
    void halfOfTheValuesDecide() {
        assertEquals("an e-mail address", PersonalData.ofValues(List.of("a@b.org", "none")));
        assertNull(PersonalData.ofValues(List.of("a@b.org", "none", "none")));
        assertNull(PersonalData.ofValues(List.of()));
    }
}
