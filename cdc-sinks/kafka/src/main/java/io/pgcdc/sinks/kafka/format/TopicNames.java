package io.pgcdc.sinks.kafka.format;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the topic of a table's changes. For one thread. */
final class TopicNames {

    private final String sink;
    private final String prefix;
    private final TopicTemplate general;
    private final List<TopicRule> rules;

    /** Topics of records that are no table's. */
    private final Set<String> ofOthers = new HashSet<>();

    /** The table by topic. Only for templates that give each table its own topic. */
    private final Map<String, TableName> owners = new HashMap<>();

    TopicNames(String sink, SettingValues settings) {
        this.sink = sink;
        String given = settings.find(FormatSettings.PREFIX);
        prefix = given == null ? "" : given;
        general = settings.get(FormatSettings.TOPIC);
        rules = settings.get(FormatSettings.TOPIC_RULES);
        for (var setting : List.of(FormatSettings.MESSAGE_TOPIC, FormatSettings.TRANSACTION_TOPIC)) {
            String other = settings.find(setting);
            if (other != null) {
                ofOthers.add(other);
            }
        }
    }

    /**
     * Returns the name of the table's topic.
     *
     * @throws SinkException TARGET_MISFIT if Kafka does not allow the name, or if another table has the same name: characters were
     *     replaced, or a name has a dot
     */
    String of(Relation relation) {
        TopicRule rule = rule(relation);
        TopicTemplate template = rule == null ? general : rule.topic();
        String topic = template.fill(Map.of("prefix", prefix, "schema", relation.schema(), "table", relation.name()));
        if (!TopicTemplate.LEGAL.matcher(topic).matches()) {
            throw misfit(relation, "would go to topic \"" + topic + "\", which is not " + TopicTemplate.LEGAL_WORDS);
        }
        if (template.isOfOneTable()) {
            TableName table = new TableName(relation.schema(), relation.name());
            TableName other = owners.putIfAbsent(topic, table);
            if (other != null && !other.equals(table)) {
                throw misfit(relation, "and " + other + " would both go to topic \"" + topic + "\"");
            }
        }
        return topic;
    }

    /**
     * Returns true if records of other tables, or of no table, may go to the table's topic. True also if that only cannot be
     * excluded.
     */
    boolean isShared(Relation relation) {
        TopicRule rule = rule(relation);
        TopicTemplate template = rule == null ? general : rule.topic();
        boolean ownName =
                template.isOfOneTable() || (rule != null && rule.tables().name() != null);
        String topic = of(relation);
        return !ownName
                || ofOthers.contains(topic)
                || (rule != null && general.mayGive(topic, prefix))
                || rules.stream().anyMatch(r -> !r.equals(rule) && r.topic().mayGive(topic, prefix));
    }

    private @Nullable TopicRule rule(Relation relation) {
        return rules.stream()
                .filter(r -> r.tables().matches(relation.schema(), relation.name()))
                .findFirst()
                .orElse(null);
    }

    private SinkException misfit(Relation relation, String what) {
        return new SinkException(
                ErrorCode.TARGET_MISFIT,
                "sink \"" + sink + "\": table " + relation.qualifiedName() + " " + what
                        + ". Give the table its own topic with topic_rules.");
    }
}
