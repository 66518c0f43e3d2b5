package io.pgcdc.view;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises columns that look like personal data, by their names and by some of their values. It errs on both sides: a person decides. */
public final class PersonalData {

    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[A-Za-z]{2,}");
    private static final Pattern IBAN = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");
    private static final Pattern CARD = Pattern.compile("[3-6][0-9]{12,18}");
    private static final Pattern PHONE = Pattern.compile("(\\+|00)[1-9][0-9]{6,14}");

    private static final int IBAN_HEAD = 4;
    private static final BigInteger IBAN_MODULUS = BigInteger.valueOf(97);

    /** Parts of names, in lower case without separators. */
    private static final Map<String, List<String>> NAMES = Map.of(
            "an e-mail address", List.of("email", "mailaddress"),
            "a phone number", List.of("phone", "mobilenumber", "faxnumber"),
            "a bank account", List.of("iban", "accountnumber", "bankaccount"),
            "a card number", List.of("cardnumber", "creditcard", "ccnumber"),
            "a date of birth", List.of("birthdate", "dateofbirth", "birthday"),
            "a person's name", List.of("firstname", "lastname", "fullname", "surname", "familyname"),
            "a national number", List.of("ssn", "socialsecurity", "passportn", "taxid", "nationalid"),
            "a postal address", List.of("streetaddress", "postalcode", "zipcode"));

    private static final Map<String, Predicate<String>> VALUES = Map.of(
            "an e-mail address",
            value -> EMAIL.matcher(value).matches(),
            "a bank account",
            PersonalData::isIban,
            "a card number",
            PersonalData::isCard,
            "a phone number",
            value -> PHONE.matcher(digits(value)).matches());

    private PersonalData() {}

    /** Returns what the column's name stands for, such as "an e-mail address"; null: nothing that is known. */
    public static @Nullable String ofName(String column) {
        String plain = column.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return NAMES.entrySet().stream()
                .filter(known -> known.getValue().stream().anyMatch(plain::contains))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns what at least half of the values look like; null: nothing that is known.
     *
     * @param values without nulls
     */
    public static @Nullable String ofValues(List<String> values) {
        return VALUES.entrySet().stream()
                .filter(known -> !values.isEmpty()
                        && 2
                                        * values.stream()
                                                .map(String::strip)
                                                .filter(known.getValue())
                                                .count()
                                >= values.size())
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElse(null);
    }

    /** ISO 13616: the head moves to the end, letters become numbers from 10 on, and the remainder by 97 is 1. */
    private static boolean isIban(String value) {
        String plain = value.replace(" ", "");
        if (!IBAN.matcher(plain).matches()) {
            return false;
        }
        StringBuilder number = new StringBuilder();
        (plain.substring(IBAN_HEAD) + plain.substring(0, IBAN_HEAD))
                .chars()
                .forEach(letter -> number.append(Character.digit(letter, Character.MAX_RADIX)));
        return new BigInteger(number.toString()).mod(IBAN_MODULUS).equals(BigInteger.ONE);
    }

    /** The sum of Luhn: each second digit from the right counts twice. */
    private static boolean isCard(String value) {
        String plain = value.replaceAll("[ -]", "");
        if (!CARD.matcher(plain).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < plain.length(); i++) {
            int digit = plain.charAt(plain.length() - 1 - i) - '0';
            int counted = i % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    private static String digits(String value) {
        return value.replaceAll("[ ()./-]", "");
    }
}
