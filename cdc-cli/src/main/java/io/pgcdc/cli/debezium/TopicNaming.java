package io.pgcdc.cli.debezium;

import io.pgcdc.model.TablePattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The connector's topics of tables, after the transforms that rename topics. Finds the settings that give the same names. Immutable.
 *
 * @param prefix {@code topic.prefix}
 * @param delimiter {@code topic.delimiter}
 * @param renames in the order in which they are applied
 */
record TopicNaming(String prefix, String delimiter, List<Rename> renames) {

    private static final String WORD = "[\\w-]+";
    private static final String ANY = "(?:\\.[*+]|\\[\\^\\\\*\\.][*+]|\\\\w[*+])";
    private static final String DOT = "(?:\\\\\\.|\\[\\.])";

    /**
     * A regular expression of names: words, and parts that match any name, with points between them. Parentheses are left out before. A
     * point that is not escaped matches other characters, too; it stands only between the words at the beginning.
     */
    private static final Pattern OF_NAMES = Pattern.compile("\\^?(?:" + WORD + "(?:" + DOT + "|\\.))*(?:" + WORD + "|"
            + ANY + ")(?:" + DOT + "(?:" + WORD + "|" + ANY + "))*\\$?");

    /** Names that no expression knows: what happens to them happens to every table. */
    private static final String SCHEMA = "qschemaq";

    private static final String TABLE = "qtableq";

    /** Renames a topic whose whole name matches. */
    record Rename(Pattern regex, String replacement) {

        String of(String topic) {
            Matcher matcher = regex.matcher(topic);
            return matcher.matches() ? matcher.replaceFirst(replacement) : topic;
        }
    }

    /**
     * Topics in the words of our settings.
     *
     * @param topic of the tables without a rule; null for the default
     * @param rules texts {@code schema.table=TOPIC}
     */
    record Rules(@Nullable String topic, List<String> rules) {}

    /** Returns the connector's topic of a table. */
    String topic(String schema, String table) {
        return renamed(prefix + delimiter + schema + delimiter + table);
    }

    /** Returns the connector's topic of what is no table's, such as {@code transaction}. */
    String topic(String name) {
        return renamed(prefix + delimiter + name);
    }

    private String renamed(String topic) {
        String name = topic;
        for (Rename rename : renames) {
            name = rename.of(name);
        }
        return name;
    }

    /**
     * Returns the settings that give the same names; null if there are none.
     *
     * @param tables those that are captured; empty for all
     */
    @Nullable
    Rules rules(List<TablePattern> tables) {
        if (renames.isEmpty()) {
            return new Rules(delimiter.equals(".") ? null : general(), List.of());
        }
        Rules symbolic = renames.size() == 1 ? symbolic(renames.get(0), tables) : null;
        if (symbolic != null) {
            return symbolic;
        }
        boolean listed = !tables.isEmpty() && tables.stream().allMatch(table -> table.name() != null);
        return listed ? ofTables(tables) : null;
    }

    private String general() {
        return "${prefix}" + delimiter + "${schema}" + delimiter + "${table}";
    }

    private Rules ofTables(List<TablePattern> tables) {
        List<String> rules = new ArrayList<>();
        for (TablePattern table : tables) {
            String name = String.valueOf(table.name());
            String topic = topic(table.schema(), name);
            if (!topic.equals(prefix + delimiter + table.schema() + delimiter + name)) {
                rules.add(table + "=" + topic);
            }
        }
        return new Rules(delimiter.equals(".") ? null : general(), rules);
    }

    /** Tries names that stand for every schema and table, and the words in the expression. */
    private @Nullable Rules symbolic(Rename rename, List<TablePattern> tables) {
        String bare = rename.regex().pattern().replaceAll("[()]", "");
        if (!OF_NAMES.matcher(bare).matches()) {
            return null;
        }
        String other = delimiter.equals(".") ? null : general();
        String every = template(SCHEMA, TABLE);
        if (every != null) {
            return new Rules(every, List.of());
        }
        List<String> rules = new ArrayList<>();
        for (String schema : words(bare)) {
            String ofSchema = template(schema, TABLE);
            if (ofSchema != null) {
                rules.add(new TablePattern(schema, null) + "=" + ofSchema);
                continue;
            }
            for (String table : words(bare)) {
                String ofTable = template(schema, table);
                if (ofTable != null) {
                    rules.add(new TablePattern(schema, table) + "=" + ofTable);
                }
            }
        }
        for (String table : words(bare)) {
            if (template(SCHEMA, table)
                    != null) { // one table's name in any schema, which only listed schemas can express
                return null;
            }
        }
        return rules.isEmpty() && !tables.isEmpty() ? null : new Rules(other, rules);
    }

    private static Set<String> words(String expression) {
        Set<String> words = new LinkedHashSet<>();
        Matcher found = Pattern.compile(WORD).matcher(expression);
        while (found.find()) {
            words.add(found.group());
        }
        return words;
    }

    /** Returns the topic with placeholders; null if it is not renamed. */
    private @Nullable String template(String schema, String table) {
        String before = prefix + delimiter + schema + delimiter + table;
        String topic = renamed(before);
        return topic.equals(before) ? null : topic.replace(SCHEMA, "${schema}").replace(TABLE, "${table}");
    }
}
