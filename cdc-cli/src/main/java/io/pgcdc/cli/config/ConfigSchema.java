package io.pgcdc.cli.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A JSON Schema (draft 7) of {@code cdc.yaml} for editors. It accepts each file that pgcdc accepts, and refuses unknown names, values
 * outside a range or a choice, and settings that a sink's type lacks. What needs more than one value to see is left to pgcdc.
 */
public final class ConfigSchema {

    private static final String DRAFT = "http://json-schema.org/draft-07/schema#";
    private static final String REFERENCE = "\\$\\{(env|file):";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ConfigSchema() {}

    /** Returns the schema, indented. */
    public static String generate(Collection<SinkProvider> providers) {
        return schema(providers).toPrettyString() + "\n";
    }

    private static ObjectNode schema(Collection<SinkProvider> providers) {
        ObjectNode schema = JSON.objectNode();
        schema.put("$schema", DRAFT);
        schema.put("title", "cdc.yaml, the configuration of pgcdc");
        ObjectNode pipeline = section(PipelineSettings.ALL);
        ObjectNode keys = properties(pipeline);
        keys.set("source", orEmpty(section(SourceSettings.ALL)));
        keys.set("queue", orEmpty(section(QueueSettings.ALL)));
        keys.set("snapshot", brief(SnapshotSettings.ALL, SnapshotSettings.MODE));
        ObjectNode sinks = keys.putObject("sinks");
        sinks.putArray("type").add("array").add("null");
        sinks.putObject("items").put("$ref", "#/definitions/sink");
        ObjectNode top = pipeline.deepCopy();
        properties(top).set("http", brief(HttpSettings.ALL, HttpSettings.LISTEN));
        ObjectNode several = properties(top).putObject("pipelines");
        several.put("type", "array").put("minItems", 1);
        several.putObject("items").put("$ref", "#/definitions/pipeline");
        schema.setAll(top);
        ObjectNode definitions = schema.putObject("definitions");
        definitions.set("pipeline", pipeline);
        definitions.set("sink", sink(providers, definitions));
        return schema;
    }

    private static ObjectNode properties(ObjectNode section) {
        return (ObjectNode) section.get("properties");
    }

    /** Returns a sink: its type says which settings it has. */
    private static ObjectNode sink(Collection<SinkProvider> providers, ObjectNode definitions) {
        ObjectNode sink = JSON.objectNode().put("type", "object");
        sink.putArray("required").add(SinkSettings.NAME.key()).add(SinkSettings.TYPE.key());
        ArrayNode types =
                sink.putObject("properties").putObject(SinkSettings.TYPE.key()).putArray("enum");
        ArrayNode choices = sink.putArray("allOf");
        providers.stream().sorted(Comparator.comparing(SinkProvider::type)).forEach(provider -> {
            List<Setting<?>> settings = Stream.concat(SinkSettings.ALL.stream(), provider.settings().stream())
                    .toList();
            choice(provider.type(), settings, types, choices, definitions);
        });
        List<Setting<?>> feed = new ArrayList<>(List.of(SinkSettings.NAME, SinkSettings.TYPE));
        feed.addAll(RouteSettings.ALL);
        choice(FeedConfig.TYPE, feed, types, choices, definitions);
        return sink;
    }

    private static void choice(
            String type, List<Setting<?>> settings, ArrayNode types, ArrayNode choices, ObjectNode definitions) {
        types.add(type);
        String name = "sink_" + type;
        definitions.set(name, section(settings));
        ObjectNode choice = choices.addObject();
        ObjectNode condition = choice.putObject("if");
        condition.putObject("properties").putObject(SinkSettings.TYPE.key()).put("const", type);
        condition.putArray("required").add(SinkSettings.TYPE.key());
        choice.putObject("then").put("$ref", "#/definitions/" + name);
    }

    /** Returns a mapping with these settings and no others. A setting that a flag can give is not required. */
    private static ObjectNode section(List<Setting<?>> settings) {
        ObjectNode section = JSON.objectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = section.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        for (Setting<?> setting : settings) {
            properties.set(setting.key(), setting(setting));
            if (setting.required() && !FlagConfig.FLAGS.containsKey(setting)) {
                required.add(setting.key());
            }
        }
        if (!required.isEmpty()) {
            section.set("required", required);
        }
        return section;
    }

    /** Returns a section that may stand there without a value. */
    private static ObjectNode orEmpty(ObjectNode section) {
        section.putArray("type").add("object").add("null");
        return section;
    }

    /** Returns a section, or one value in its place. */
    private static ObjectNode brief(List<Setting<?>> settings, Setting<?> main) {
        ObjectNode brief = JSON.objectNode();
        brief.putArray("anyOf").add(orEmpty(section(settings))).add(one(main.type()));
        return brief;
    }

    private static ObjectNode setting(Setting<?> setting) {
        ObjectNode node = value(setting);
        node.put("description", ConfigText.plain(setting.doc()));
        Object fallback = setting.defaultValue();
        if (fallback instanceof Long number) {
            node.put("default", number);
        } else if (fallback instanceof Boolean flag) {
            node.put("default", flag);
        } else if (setting.type().shape() == SettingType.Shape.LIST && fallback != null) {
            ArrayNode list = node.putArray("default");
            SettingType.print(fallback).forEach(list::add);
        } else if (fallback != null && setting.type().shape() == SettingType.Shape.ONE) {
            node.put("default", SettingType.print(fallback).get(0));
        }
        return node;
    }

    private static ObjectNode value(Setting<?> setting) {
        SettingType<?> type = setting.type();
        return switch (type.shape()) {
            case ONE -> one(type);
            case LIST -> {
                ObjectNode node = JSON.objectNode();
                ArrayNode forms = node.putArray("anyOf");
                ObjectNode list = forms.addObject().put("type", "array");
                list.set("items", one(type));
                if (!List.of().equals(setting.defaultValue())) {
                    list.put("minItems", 1);
                }
                forms.add(type.choices().isEmpty() ? scalar() : inOneText(type.choices()));
                yield node;
            }
            case MAPPING -> {
                ObjectNode node = JSON.objectNode().put("type", "object");
                node.set("additionalProperties", scalar());
                yield node;
            }
            case SECTIONS -> {
                ObjectNode node = JSON.objectNode().put("type", "array");
                node.set("items", section(type.settings()));
                yield node;
            }
        };
    }

    /** Returns one text. In quotes, a number or a reference is a text in YAML. */
    private static ObjectNode one(SettingType<?> type) {
        if (!type.choices().isEmpty()) {
            return or(choices(type.choices()), REFERENCE);
        }
        if (type.range().isPresent()) {
            SettingType.Range range = type.range().get();
            ObjectNode number = JSON.objectNode()
                    .put("type", "integer")
                    .put("minimum", range.least())
                    .put("maximum", range.greatest());
            if (range.step() > 1) {
                number.put("multipleOf", range.step());
            }
            return or(number, "^[0-9]+$|" + REFERENCE);
        }
        if (type.name().equals("boolean")) {
            return or(JSON.objectNode().put("type", "boolean"), "^(true|false)$|" + REFERENCE);
        }
        return scalar();
    }

    private static ObjectNode choices(List<String> choices) {
        ObjectNode node = JSON.objectNode();
        ArrayNode values = node.putArray("enum");
        for (String choice : choices) {
            values.add(choice);
            if (Set.of("off", "on", "yes", "no").contains(choice)) { // YAML 1.1 reads these words as booleans
                values.add(Set.of("on", "yes").contains(choice));
            }
        }
        return node;
    }

    private static ObjectNode inOneText(List<String> choices) {
        String any = "(" + String.join("|", choices) + ")";
        return JSON.objectNode()
                .put("type", "string")
                .put("pattern", "^ *" + any + "( *, *" + any + ")* *$|" + REFERENCE);
    }

    private static ObjectNode or(ObjectNode value, String pattern) {
        ObjectNode node = JSON.objectNode();
        node.putArray("anyOf")
                .add(value)
                .add(JSON.objectNode().put("type", "string").put("pattern", pattern));
        return node;
    }

    /** Returns any text. YAML reads some as numbers or booleans. */
    private static ObjectNode scalar() {
        ObjectNode node = JSON.objectNode();
        node.putArray("type").add("string").add("number").add("boolean");
        return node;
    }
}
