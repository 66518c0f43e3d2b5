package io.pgcdc.connect.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.Password;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.connect.record.RecordSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.kafka.format.TopicTemplate;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.source.SourceChecks;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteChecks;
import io.pgcdc.view.RouteConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the properties of one source, and checks them against each other. For one thread. */
final class SourceReader {

    private static final String HEARTBEATS = "__pgcdc-heartbeat.";

    private final String connector;
    private final GivenProperties given;
    private final DebeziumTranslation.Translated translated;
    private final Problems problems;
    private final SettingReader reader;

    /**
     * Reads sources of one connector.
     *
     * @param connector its name
     * @param translated tells whose problem is known, and by which name a user knows a property
     */
    SourceReader(
            String connector, GivenProperties given, DebeziumTranslation.Translated translated, Problems problems) {
        this.connector = connector;
        this.given = given;
        this.translated = translated;
        this.problems = problems;
        this.reader = new SettingReader(problems);
    }

    /**
     * A source whose properties fit together.
     *
     * @param source the settings under {@code source.}, with the places of their values
     * @param routing the settings of its route
     */
    record ReadSource(SourceSpec spec, Section source, Section routing) {

        /** Returns the property to blame for the setting's value. */
        String property(Setting<?> setting) {
            Place place = (Properties.settings(Group.ROUTING).contains(setting) ? routing : source).place(setting);
            return place.kind() == Place.Kind.PROPERTY
                    ? place.name()
                    : Properties.of(setting).name();
        }
    }

    /**
     * Returns null if there are problems, which are then added.
     *
     * @param name of the source; empty for the only one
     */
    @Nullable
    ReadSource read(String name) {
        int before = problems.count();
        Section source = section(Group.SOURCE, name);
        Section snapshot = section(Group.SNAPSHOT, name);
        Section records = section(Group.RECORDS, name);
        Section routing = section(Group.ROUTING, name);
        Section own = section(Group.CONNECTOR, name);
        ServerAddress address = address(source);
        SourceChecks.check(source, problems);
        RouteConfig route = RouteConfig.of(routing.values());
        new RouteChecks(source.values().find(SourceSettings.PUBLICATIONS), problems).check(connector, route, routing);
        checkRecords(records, name);
        String heartbeats = heartbeatTopic(own, name);
        if (problems.count() > before || address == null) {
            return null;
        }
        SettingValues values = own.values();
        SourceConfig config = SourceConfig.of(source.values(), address);
        return new ReadSource(
                new SourceSpec(
                        name.isEmpty() ? config.slot() : name,
                        config,
                        SnapshotConfig.of(snapshot.values(), false),
                        route,
                        records.values(),
                        values.get(PipelineSettings.MAX_ROW_BYTES),
                        values.get(ConnectSettings.MEMORY_BYTES),
                        values.get(ConnectSettings.SPLIT_BYTES),
                        values.get(ConnectSettings.COMMIT_BYTES),
                        heartbeats,
                        values.get(ConnectSettings.HEARTBEAT_RECORD_INTERVAL_MS)),
                source,
                routing);
    }

    private Section section(Group group, String source) {
        List<Setting<?>> settings = Properties.settings(group);
        Map<String, Given> values = given.section(group, source);
        return new Section(settings, values, reader.read(group.title(), settings, values, missing -> {
            Property property = Properties.of(missing);
            if (!translated.broken().contains(property)) {
                missing(property, source, " is missing; write it");
            }
        }));
    }

    private void missing(Property property, String source, String message) {
        String name = translated.name(property, source);
        problems.add(ErrorCode.CONFIG_MISSING, Place.property(name), name + message);
    }

    private @Nullable ServerAddress address(Section source) {
        Given url = source.given().get(SourceSettings.URL.key());
        if (url == null || source.values().find(SourceSettings.URL) == null) {
            return null;
        }
        ServerAddress address = ServerUrl.parse(url, Map.of(), System.getProperty("user.name", ""), problems);
        if (address == null) {
            return null;
        }
        if (!address.parameters().containsKey(ConnectionParameter.CONNECT_TIMEOUT)) {
            long ms = source.values().get(SourceSettings.CONNECT_TIMEOUT_MS);
            address = address.with(
                    ConnectionParameter.CONNECT_TIMEOUT, Long.toString(TimeUnit.MILLISECONDS.toSeconds(ms)));
        }
        SourceChecks.checkTimeout(source, address, problems);
        return password(source, address);
    }

    private ServerAddress password(Section source, ServerAddress address) {
        if (address.parameters().containsKey(ConnectionParameter.PASSFILE)) {
            source.conflict(
                    SourceSettings.URL,
                    source.label(SourceSettings.URL)
                            + " names a passfile, which the connector does not read; write the password into source.password,"
                            + " for example ${file:/path:key}",
                    problems);
        }
        String password = source.values().find(ConnectSettings.PASSWORD);
        if (password == null) {
            return address;
        }
        String label = source.label(ConnectSettings.PASSWORD);
        if (address.password() != null) {
            source.conflict(
                    ConnectSettings.PASSWORD,
                    label + " and the password in " + source.label(SourceSettings.URL)
                            + " exclude each other; remove one",
                    problems);
        }
        if (source.values().isGiven(SourceSettings.PASSWORD_COMMAND)) {
            source.conflict(
                    ConnectSettings.PASSWORD,
                    label + " has no effect with " + source.label(SourceSettings.PASSWORD_COMMAND) + "; remove one",
                    problems);
        }
        return address.with(Password.fixed(password));
    }

    private void checkRecords(Section records, String source) {
        RecordSettings.check(records.values(), (setting, problem) -> {
            Given value = records.given().get(setting.key());
            if (value != null && !records.values().isGiven(setting)) {
                return; // its own problem is known
            }
            Property property = Properties.of(setting);
            String name = translated.name(property, source);
            String label = value == null ? name : value.label();
            if (!translated.broken().contains(property)) {
                problems.add(ErrorCode.CONFIG_CONFLICT, Place.property(label), label + " " + problem);
            }
        });
    }

    private String heartbeatTopic(Section own, String source) {
        String topic = own.values().find(ConnectSettings.HEARTBEAT_TOPIC);
        if (topic != null || own.given().containsKey(ConnectSettings.HEARTBEAT_TOPIC.key())) {
            return topic == null ? "" : topic;
        }
        topic = HEARTBEATS + connector;
        try {
            return TopicTemplate.NAME.read(List.of(topic));
        } catch (IllegalArgumentException e) {
            missing(
                    Properties.of(ConnectSettings.HEARTBEAT_TOPIC),
                    source,
                    " is missing, and the connector's name cannot be a part of a topic's name (" + e.getMessage()
                            + "); write it");
            return topic;
        }
    }
}
