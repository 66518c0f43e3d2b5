package io.pgcdc.connect.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problem;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.debezium.option.WorkerNames;
import io.pgcdc.source.SourceSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Answers Kafka Connect's validation: each problem at the property that has it. */
public final class Validation {

    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, Set<String>> errors = new LinkedHashMap<>();

    private Validation(Map<String, @Nullable String> given) {
        given.forEach((name, text) -> {
            if (text != null) {
                properties.put(name, text);
            }
        });
    }

    /**
     * Checks the properties. If there is nothing against them, asks the servers too, and changes nothing there. Blocks for seconds if a server
     * does not answer.
     */
    public static Config of(Map<String, @Nullable String> properties) {
        Validation validation = new Validation(properties);
        Problems problems = new Problems();
        ConnectorConfig.read(properties, problems).ifPresent(config -> ServerCheck.check(config, problems));
        Wording.of(problems).forEach(validation::add);
        return new Config(validation.values());
    }

    private void add(Problem problem) {
        String property = problem.origin().kind() == Place.Kind.PROPERTY
                ? problem.origin().name()
                : Properties.of(SourceSettings.URL).name();
        errors.computeIfAbsent(property, p -> new LinkedHashSet<>()).add(problem.code() + " " + problem.message());
    }

    private List<ConfigValue> values() {
        List<ConfigValue> values = new ArrayList<>();
        ConfigDef def = Definition.configDef();
        for (String name : def.names()) {
            values.add(value(name, def.configKeys().get(name)));
        }
        Set<String> others = new TreeSet<>(properties.keySet());
        others.removeIf(WorkerNames::has);
        others.addAll(errors.keySet());
        others.removeAll(def.names());
        others.forEach(name -> values.add(value(name, null)));
        return values;
    }

    private ConfigValue value(String name, ConfigDef.@Nullable ConfigKey key) {
        String text = properties.get(name);
        Property property = property(name);
        List<Object> recommended = property == null ? List.of() : Definition.choices(property.setting());
        Object shown = text == null ? (key == null ? null : key.defaultValue) : shown(name, text, property, key);
        return new ConfigValue(name, shown, recommended, List.copyOf(errors.getOrDefault(name, Set.of())));
    }

    /** Returns the property of a name, or of one with a source in it. */
    private static @Nullable Property property(String name) {
        int end = name.indexOf('.', Property.OF_SOURCES.length());
        if (!name.startsWith(Property.OF_SOURCES) || end < 0) {
            return Properties.find(name);
        }
        String rest = name.substring(end + 1);
        Property ofSource = Properties.find(Group.SOURCE.prefix() + rest);
        return ofSource == null ? Properties.find(rest) : ofSource;
    }

    /** Returns the value for the answer, which anybody may read: no secret. */
    private static Object shown(
            String name, String text, @Nullable Property property, ConfigDef.@Nullable ConfigKey key) {
        if (property == null) { // of an unknown name, nobody knows what its value is
            return key == null || key.type == ConfigDef.Type.PASSWORD ? new Password(text) : text;
        }
        if (property.setting().equals(SourceSettings.URL)) {
            return hasPassword(name, text) ? new Password(text) : text;
        }
        if (property.isMapping()) {
            return pairs(text);
        }
        return switch (Definition.type(property)) {
            case PASSWORD -> new Password(text);
            case LIST -> text.isBlank() ? List.of() : SettingType.split(text);
            default -> text;
        };
    }

    /** Returns true for a URL that cannot be read, too: nobody knows what it contains. */
    private static boolean hasPassword(String name, String text) {
        ServerAddress address =
                ServerUrl.parse(Given.text(name, text, Place.property(name)), Map.of(), "user", new Problems());
        return address == null
                || address.password() != null
                || address.parameters().containsKey(ConnectionParameter.SSLPASSWORD);
    }

    private static String pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : SettingType.split(text)) {
            int equals = pair.lastIndexOf('=');
            pairs.put(pair.substring(0, Math.max(equals, 0)), pair.substring(equals + 1));
        }
        return String.join(",", SettingType.print(new KeyValues(pairs)));
    }
}
