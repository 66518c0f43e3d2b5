package io.pgcdc.sinks.kafka;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.kafka.delivery.DeliverySettings;
import io.pgcdc.sinks.kafka.delivery.KafkaSink;
import io.pgcdc.sinks.kafka.delivery.OwnProperties;
import io.pgcdc.sinks.kafka.delivery.PropertyNames;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Creates sinks that write changes as records of a Kafka cluster. */
public final class KafkaSinkProvider implements SinkProvider {

    private static final String BOOTSTRAP = "bootstrap.servers";

    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(DeliverySettings.ALL);
        all.addAll(FormatSettings.ALL);
        all.addAll(OutboxSettings.ROUTED);
        return List.copyOf(all);
    }

    @Override
    public void check(SettingValues settings, BiConsumer<Setting<?>, String> problems) {
        if (settings.isGiven(DeliverySettings.PROPERTIES)) {
            Map<String, String> properties =
                    settings.get(DeliverySettings.PROPERTIES).asMap();
            if (!properties.containsKey(BOOTSTRAP)) {
                problems.accept(
                        DeliverySettings.PROPERTIES,
                        "has no " + BOOTSTRAP + "; write {" + BOOTSTRAP + ": \"host:port\"}");
            }
            for (String problem : PropertyNames.problems(properties)) {
                problems.accept(DeliverySettings.PROPERTIES, problem);
            }
            for (String problem : OwnProperties.problems(properties, settings.get(DeliverySettings.DELIVERY))) {
                problems.accept(DeliverySettings.PROPERTIES, problem);
            }
        }
        Formats.check(settings, problems);
    }

    /** Returns the settings, with defaults that depend on other settings. */
    public SettingValues complete(SettingValues settings) {
        return Formats.complete(settings);
    }

    @Override
    public Sink create(SinkContext context, SettingValues settings) {
        return new KafkaSink(context, complete(settings));
    }
}
