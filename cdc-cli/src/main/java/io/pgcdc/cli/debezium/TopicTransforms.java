package io.pgcdc.cli.debezium;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.SettingReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Translates the transforms that rename topics, and the delimiter of their names. */
final class TopicTransforms {

    private static final String LOGICAL = "io.debezium.transforms.ByLogicalTableRouter";
    private static final Set<String> REGEX = Set.of(
            "org.apache.kafka.connect.transforms.RegexRouter",
            "io.confluent.connect.cloud.transforms.TopicRegexRouter");

    private static final Set<String> KNOWN = Set.of("regex", "replacement", "topic.regex", "topic.replacement");

    private final ConvertedSettings settings;
    private final Notes notes;
    private final List<TopicNaming.Rename> renames = new ArrayList<>();
    private final List<String> from = new ArrayList<>();

    TopicTransforms(ConvertedSettings settings, Notes notes) {
        this.settings = settings;
        this.notes = notes;
    }

    static boolean renames(Transform transform) {
        return transform.type().equals(LOGICAL) || REGEX.contains(transform.type());
    }

    /** Adds a transform that renames topics. */
    void add(Transform transform) {
        String start = transform.type().equals(LOGICAL) ? "topic." : "";
        String regex = transform.text(start + "regex", "");
        String replacement = transform.text(start + "replacement", "");
        if (transform.options().containsKey("predicate")) {
            notes.lacking(
                    transform.name(), "it has a predicate; write topic_rules: [schema.table=TOPIC] for its tables");
            return;
        }
        if (regex.isEmpty() || replacement.isEmpty()) {
            notes.lacking(transform.name(), "regex or replacement is missing, so that it has no effect");
            return;
        }
        boolean changesKeys = transform.type().equals(LOGICAL)
                && !transform.text("key.enforce.uniqueness", "true").equals("false");
        transform.options().forEach((name, option) -> {
            if (!KNOWN.contains(name) && !changesKeys) {
                notes.unneeded(option.written(), "records keep their keys");
            }
        });
        if (changesKeys) {
            notes.lacking(
                    transform.name(),
                    "its keys, to which it adds a field, so that rows of several tables differ; pgcdc leaves keys as they are");
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            renames.add(new TopicNaming.Rename(pattern, replacement));
            from.add(transform.name());
        } catch (PatternSyntaxException e) {
            settings.problem(
                    ErrorCode.CONFIG_BAD_VALUE,
                    transform.name() + "." + start + "regex",
                    transform.name() + "." + start + "regex is " + SettingReader.quote(regex)
                            + ", which is no regular expression: " + e.getDescription() + "; correct it");
        }
    }

    /**
     * Writes the settings of topics.
     *
     * @param delimiter null for Debezium's default
     */
    void apply(@Nullable Option delimiter) {
        Line prefix = settings.sink().get("prefix");
        if (prefix == null || (renames.isEmpty() && delimiter == null)) {
            return;
        }
        String label =
                String.join(", ", from) + (delimiter == null ? "" : (from.isEmpty() ? "" : ", ") + delimiter.written());
        TopicNaming naming = new TopicNaming(
                prefix.texts().get(0),
                delimiter == null ? "." : delimiter.text().strip(),
                List.copyOf(renames));
        TopicNaming.Rules rules = null;
        try {
            rules = naming.prefix().contains("${") && !renames.isEmpty() ? null : naming.rules(tables());
            if (rules != null) {
                others(naming, label);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            settings.problem(
                    ErrorCode.CONFIG_BAD_VALUE,
                    label,
                    label + ": the replacement names a group that the regular expression lacks; correct it");
            return;
        }
        if (rules == null) {
            from.forEach(transform -> notes.lacking(
                    transform,
                    "its topics: the expression is for tables that the file does not list; write topic_rules: [schema.table=TOPIC]"
                            + " for each"));
            return;
        }
        if (rules.topic() != null) {
            settings.put("topic", label, rules.topic());
        }
        if (!rules.rules().isEmpty()) {
            settings.put("topic_rules", label, rules.rules());
        }
        if (rules.topic() == null && rules.rules().isEmpty()) {
            from.forEach(transform -> notes.unneeded(transform, "it renames the topic of no table that is captured"));
        }
    }

    /** Topics of transactions and messages have the same names as before, too. */
    private void others(TopicNaming naming, String label) {
        Line transactions = settings.sink().get("transaction_topic");
        if (transactions != null) {
            String name = transactions.texts().get(0).substring(naming.prefix().length() + 1);
            settings.sink().put("transaction_topic", Line.text(naming.topic(name), transactions.from()));
        }
        String messages = naming.topic("message");
        if (!messages.equals(naming.prefix() + ".message")) {
            settings.sink().put("message_topic", Line.text(messages, label));
        }
    }

    private List<TablePattern> tables() {
        Line tables = settings.sink().get("tables");
        return tables == null
                ? List.of()
                : tables.texts().stream()
                        .filter(text -> !text.contains("${"))
                        .map(TablePattern::parse)
                        .toList();
    }
}
