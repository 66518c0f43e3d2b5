package io.pgcdc.sinks.kafka.format;

import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pattern for names of topics, with placeholders: {@code ${prefix}.${schema}.${table}}. */
public final class TopicTemplate {

    static final String FORM = "a topic's name, which may contain ${prefix}, ${schema} and ${table}";
    static final String EVENT_FORM = "a topic's name, which may contain ${prefix}, ${aggregate_type} and ${event_type}";
    static final String LEGAL_WORDS = "1 to 249 of a-z, A-Z, 0-9, ., _, -";

    /** Kafka's rule for names of topics. It excludes "." and "..". */
    static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    /** The type of settings that contain the name of one topic, or a part of a name. */
    public static final SettingType<String> NAME = SettingType.text(LEGAL, LEGAL_WORDS);

    private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z_]+)}");
    private static final Pattern ILLEGAL = Pattern.compile("[^a-zA-Z0-9._-]");

    private final String text;

    private TopicTemplate(String text) {
        this.text = text;
    }

    static TopicTemplate parse(String text) {
        return parse(text, List.of("prefix", "schema", "table"), FORM);
    }

    static TopicTemplate parseOfEvents(String text) {
        return parse(text, List.of("prefix", "aggregate_type", "event_type"), EVENT_FORM);
    }

    private static TopicTemplate parse(String text, List<String> places, String form) {
        boolean known = PLACE.matcher(text).results().allMatch(m -> places.contains(m.group(1)));
        String between = PLACE.matcher(text).replaceAll("x");
        if (!known || !LEGAL.matcher(between).matches()) {
            throw new IllegalArgumentException(form);
        }
        return new TopicTemplate(text);
    }

    boolean uses(String place) {
        return text.contains("${" + place + "}");
    }

    /** Returns true if different tables get different names, except by replaced characters. */
    boolean isOfOneTable() {
        return uses("schema") && uses("table");
    }

    /** Returns true if some values of the placeholders give this name. */
    boolean mayGive(String topic, String prefix) {
        List<String> fixed = fixed(prefix);
        String first = fixed.get(0);
        if (fixed.size() == 1) {
            return topic.equals(first);
        }
        if (!topic.startsWith(first)) {
            return false;
        }
        // the earliest place of each part leaves the most for the others; a regular expression would try all places
        int at = first.length();
        for (String part : fixed.subList(1, fixed.size() - 1)) {
            int found = topic.indexOf(part, at);
            if (found < 0) {
                return false;
            }
            at = found + part.length();
        }
        String last = fixed.get(fixed.size() - 1);
        return topic.length() - at >= last.length() && topic.endsWith(last);
    }

    /** Returns the texts before, between and after the placeholders that differ from table to table. */
    private List<String> fixed(String prefix) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int from = 0;
        Matcher places = PLACE.matcher(text);
        while (places.find()) {
            part.append(text, from, places.start());
            from = places.end();
            if (places.group(1).equals("prefix")) {
                part.append(prefix);
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.append(text.substring(from)).toString());
        return parts;
    }

    /**
     * Returns the name of a topic. Replaces each character that Kafka does not allow by an underscore.
     *
     * @param values the values by placeholder; a missing one counts as empty
     */
    String fill(Map<String, String> values) {
        Matcher places = PLACE.matcher(text);
        return places.replaceAll(m -> {
            String value = values.getOrDefault(m.group(1), "");
            return Matcher.quoteReplacement(ILLEGAL.matcher(value).replaceAll("_"));
        });
    }

    @Override
    public String toString() {
        return text;
    }
}
