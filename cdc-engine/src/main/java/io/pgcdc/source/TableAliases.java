package io.pgcdc.source;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The names that changes carry, for tables that do not keep their own: the shards of one logical table share its name. Immutable; any
 * thread.
 *
 * <p>A pattern is matched with the whole text of {@link TableName#toString}: {@code public.orders_1}, or {@code shop."Orders_1"}. Each
 * such text has a dot between schema and table, so the dot of {@code public.orders_[0-9]+} meets that one.
 */
public final class TableAliases implements SettingType.ShownPairs {

    /** Each table keeps its name. */
    public static final TableAliases NONE = new TableAliases(new LinkedHashMap<>());

    /** The type of the setting. */
    static final SettingType<TableAliases> TYPE =
            new SettingType<>("mapping", "", SettingType.Shape.MAPPING, TableAliases::parse);

    private final Map<Pattern, TableName> aliases;

    private TableAliases(Map<Pattern, TableName> aliases) {
        this.aliases = aliases;
    }

    /**
     * Returns aliases. Their order counts: the first pattern that matches wins.
     *
     * @param aliases regular expressions of {@link Pattern}, each with a {@code schema.table}
     * @throws IllegalArgumentException with a message that completes "write …"
     */
    public static TableAliases of(Map<String, String> aliases) {
        Map<Pattern, TableName> read = new LinkedHashMap<>();
        aliases.forEach((pattern, table) -> read.put(pattern(pattern), table(pattern, table)));
        return new TableAliases(read);
    }

    /** @param pairs each {@code pattern=table} */
    private static TableAliases parse(List<String> pairs) {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = lastEquals(pair);
            if (aliases.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("each pattern once");
            }
        }
        return of(aliases);
    }

    /** Returns the place of the sign between pattern and table. Both may contain it, but the table only in double quotes. */
    private static int lastEquals(String pair) {
        boolean quoted = false;
        for (int i = pair.length() - 1; i >= 0; i--) {
            quoted ^= pair.charAt(i) == '"';
            if (pair.charAt(i) == '=' && !quoted) {
                return i;
            }
        }
        throw new IllegalArgumentException("each pattern with its table");
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "a Java regular expression in place of " + SettingReader.quote(text)
                            + ", which has an error at character " + (e.getIndex() + 1) + ": " + e.getDescription(),
                    e);
        }
    }

    private static TableName table(String pattern, String text) {
        try {
            return TableName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "one table for " + SettingReader.quote(pattern) + " in place of " + SettingReader.quote(text) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Returns true if each table keeps its name. */
    public boolean isEmpty() {
        return aliases.isEmpty();
    }

    /** Returns the name that the table's changes carry. */
    public TableName nameOf(TableName atSource) {
        return first(atSource).map(Map.Entry::getValue).orElse(atSource);
    }

    private Optional<Map.Entry<Pattern, TableName>> first(TableName atSource) {
        String text = aliases.isEmpty() ? "" : atSource.toString();
        return aliases.entrySet().stream()
                .filter(alias -> alias.getKey().matcher(text).matches())
                .findFirst();
    }

    /** Returns true if several tables may carry the name. A table that has it as its own is one of them. */
    public boolean isShared(TableName carried) {
        return aliases.containsValue(carried);
    }

    /** Returns the patterns that give none of the tables its name. */
    public List<String> unused(Collection<TableName> tables) {
        List<Pattern> used = tables.stream()
                .map(this::first)
                .flatMap(Optional::stream)
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
        return aliases.keySet().stream()
                .filter(pattern -> !used.contains(pattern))
                .map(Pattern::pattern)
                .toList();
    }

    @Override
    public Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>();
        aliases.forEach((pattern, table) -> shown.put(pattern.pattern(), table.toString()));
        return shown;
    }

    /** Compares the order, too. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TableAliases that
                && List.copyOf(shown().entrySet())
                        .equals(List.copyOf(that.shown().entrySet()));
    }

    @Override
    public int hashCode() {
        return shown().hashCode();
    }

    @Override
    public String toString() {
        return shown().toString();
    }
}
