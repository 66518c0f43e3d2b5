package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.SettingReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Finds misspelt names of Kafka's properties, which the clients ignore. A name that no client knows is allowed only for a class that the user
 * adds to the client, because that class may read it. No state, no I/O.
 */
public final class PropertyNames {

    private static final Set<String> KNOWN = known();

    /** Properties that name a class of the user's, or a list of them. */
    private static final List<String> CLASSES = List.of(".class", ".classes", ".reporters", "config.providers");

    private PropertyNames() {}

    private static Set<String> known() {
        Set<String> names = new TreeSet<>(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        return names;
    }

    /** Returns one text for each unknown name, in the user's order. Each text completes "properties …". */
    public static List<String> problems(Map<String, String> properties) {
        boolean added = properties.keySet().stream()
                .anyMatch(name -> KNOWN.contains(name) && CLASSES.stream().anyMatch(name::endsWith));
        List<String> problems = new ArrayList<>();
        for (String name : properties.keySet()) {
            if (!KNOWN.contains(name)) {
                String near = NearMatch.of(name, KNOWN);
                if (near != null) {
                    problems.add("has " + SettingReader.quote(name) + "; did you mean " + near + "?");
                } else if (!added) {
                    problems.add("has " + SettingReader.quote(name)
                            + ", which Kafka's clients do not know; correct the name, or remove it");
                }
            }
        }
        return problems;
    }
}
