package io.pgcdc.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows. Numbers are equal whatever their scale, as in jsonb. If asked, a value may also have another form: a number or JSON as text, a
 * time as a number.
 */
final class Values {

    private final boolean forms;
    private final Set<String> ignored;

    /**
     * @param forms true: other forms of a value are equal
     * @param ignored columns, {@code schema.table.column}
     */
    Values(boolean forms, Set<String> ignored) {
        this.forms = forms;
        this.ignored = Set.copyOf(ignored);
    }

    /** Returns the columns of the first that differ in the second. */
    List<String> differing(String table, JsonNode expected, JsonNode actual) {
        List<String> columns = new ArrayList<>();
        for (Iterator<String> names = expected.fieldNames(); names.hasNext(); ) {
            String column = names.next();
            if (!ignored.contains(table + "." + column) && !equal(expected.path(column), actual.path(column))) {
                columns.add(column);
            }
        }
        return columns;
    }

    private boolean equal(JsonNode a, JsonNode b) {
        return a.equals(Values::compareNumbers, b) || (forms && (sameForm(a, b) || sameForm(b, a)));
    }

    private static int compareNumbers(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;
    }

    /** Compares a text with what it may mean. */
    private boolean sameForm(JsonNode text, JsonNode other) {
        if (!text.isTextual()) {
            return false;
        }
        String given = text.textValue();
        if (other.isNumber()) {
            return isNumber(given, other.decimalValue()) || isTime(given, other.longValue());
        }
        if (other.isTextual()) {
            Instant time = time(given);
            return time != null && time.equals(time(other.textValue()));
        }
        try {
            return other.isContainerNode() && Json.parse(given).equals(Values::compareNumbers, other);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isNumber(String text, BigDecimal number) {
        try {
            return new BigDecimal(text).compareTo(number) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Days, milliseconds or microseconds since 1970. */
    private static boolean isTime(String text, long number) {
        Instant time = time(text);
        if (time == null) {
            return false;
        }
        return number == ChronoUnit.MICROS.between(Instant.EPOCH, time)
                || number == ChronoUnit.MILLIS.between(Instant.EPOCH, time)
                || (text.length() == 10 && number == ChronoUnit.DAYS.between(Instant.EPOCH, time));
    }

    private static @Nullable Instant time(String text) {
        if (text.length() < 10 || !Character.isDigit(text.charAt(0))) {
            return null;
        }
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            return text.matches(".*([+-]\\d\\d:\\d\\d|Z)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
