package io.pgcdc.sinks.debezium.option;

import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The elements of Debezium's lists of names, which are regular expressions. Reads those that stand for names that can be written down:
 * {@code shop.orders}, {@code shop\.orders}, {@code shop.(orders|users)}, and for tables {@code shop.*}.
 */
final class NamePattern {

    private static final String NAME = "[a-z_][a-z0-9_]*";
    private static final String NAMES = "(" + NAME + "|\\(" + NAME + "(?:\\|" + NAME + ")*\\))";
    private static final String DOT = "(?:\\\\?\\.|\\[\\.])";
    private static final String REST = "(?:" + DOT + "?\\.\\*|" + DOT + "\\(\\.\\*\\))";

    private static final Pattern SCHEMA = Pattern.compile(NAMES);
    private static final Pattern TABLE = Pattern.compile(NAMES + DOT + NAMES);
    private static final Pattern ALL_TABLES = Pattern.compile(NAMES + REST);
    private static final Pattern COLUMN = Pattern.compile(NAMES + DOT + NAMES + DOT + NAMES);

    private NamePattern() {}

    /** Returns the elements of a list, without the anchors that Debezium adds anyway. */
    static List<String> elements(String list) {
        return SettingType.split(list).stream()
                .filter(element -> !element.isEmpty())
                .map(element -> element.replaceAll("^\\^|\\$$", ""))
                .toList();
    }

    /** Returns texts {@code schema.table} or {@code schema.*}; null if the expression is more than names. */
    static @Nullable List<String> tables(String element) {
        Matcher all = ALL_TABLES.matcher(element);
        if (all.matches()) {
            return names(all.group(1)).stream().map(schema -> schema + ".*").toList();
        }
        return join(TABLE.matcher(element));
    }

    /** Returns texts {@code schema.*}; null if the expression is more than names. */
    static @Nullable List<String> schemas(String element) {
        Matcher names = SCHEMA.matcher(element);
        return names.matches()
                ? names(names.group(1)).stream().map(schema -> schema + ".*").toList()
                : null;
    }

    /** Returns texts {@code schema.table.column}; null if the expression is more than names. */
    static @Nullable List<String> columns(String element) {
        return join(COLUMN.matcher(element));
    }

    private static @Nullable List<String> join(Matcher parts) {
        if (!parts.matches()) {
            return null;
        }
        List<String> joined = names(parts.group(1));
        for (int i = 2; i <= parts.groupCount(); i++) {
            List<String> longer = new ArrayList<>();
            for (String first : joined) {
                for (String next : names(parts.group(i))) {
                    longer.add(first + "." + next);
                }
            }
            joined = longer;
        }
        return joined;
    }

    private static List<String> names(String part) {
        return part.startsWith("(")
                ? List.of(part.substring(1, part.length() - 1).split("\\|"))
                : List.of(part);
    }
}
