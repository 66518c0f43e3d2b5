package io.pgcdc.cli.debezium;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.debezium.option.DebeziumAnswer;
import io.pgcdc.sinks.debezium.option.MeantSettings;
import io.pgcdc.sinks.kafka.KafkaSinkProvider;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings that options mean, by section. Each value has passed its setting's check, unless it has a reference. For one thread. */
final class ConvertedSettings implements MeantSettings {

    private static final String URL = "source.url";
    private static final String SOURCE = "source.";
    private static final String SNAPSHOT = "snapshot.";
    private static final String SINK = "sink.";

    private static final List<Setting<?>> OF_SINKS = Stream.concat(
                    SinkSettings.ALL.stream(), new KafkaSinkProvider().settings().stream())
            .toList();

    /** Settings that only the connector for Kafka Connect has. */
    private static final Map<String, String> NO_SETTINGS = Map.of(
            "memory_bytes",
            "what waits is in the queue on disk",
            "heartbeat_record_interval_ms",
            "the slot advances without records; source.heartbeat_interval_ms covers a source that is idle",
            "heartbeat_topic",
            "the slot advances without records on a topic");

    /** Settings of a slot and a publication that pgcdc creates. */
    private static final Set<String> OF_NEW_SLOT = Set.of(
            "source.failover_slot",
            "source.create_publication",
            "source.publication_tables",
            "snapshot.mode",
            "snapshot.parallel");

    private final Map<String, Map<String, Line>> sections = new LinkedHashMap<>();
    private final Map<String, Option> options;
    private final boolean newSlot;
    private final Notes notes;
    private final Problems problems;

    /**
     * @param options by the connector's name
     * @param newSlot true if pgcdc creates the slot
     */
    ConvertedSettings(Map<String, Option> options, boolean newSlot, Notes notes, Problems problems) {
        this.options = options;
        this.newSlot = newSlot;
        this.notes = notes;
        this.problems = problems;
        List.of("", SOURCE, SNAPSHOT, SINK).forEach(name -> sections.put(name, new LinkedHashMap<>()));
    }

    Map<String, Line> top() {
        return section("");
    }

    Map<String, Line> source() {
        return section(SOURCE);
    }

    Map<String, Line> snapshot() {
        return section(SNAPSHOT);
    }

    Map<String, Line> sink() {
        return section(SINK);
    }

    private Map<String, Line> section(String name) {
        return sections.getOrDefault(name, Map.of());
    }

    @Override
    public void put(String name, String from, String text) {
        if (name.equals(URL)) {
            source().put("url", Line.text(uri(text.strip()), "database.*"));
        } else {
            put(name, from, Line.text(text.strip(), written(from)));
        }
    }

    @Override
    public void put(String name, String from, List<String> elements) {
        put(name, from, Line.list(elements, written(from)));
    }

    private void put(String name, String from, Line line) {
        String why = NO_SETTINGS.get(name);
        if (why != null) {
            notes.unneeded(written(from), why);
            return;
        }
        if (OF_NEW_SLOT.contains(name) && !newSlot) {
            notes.unneeded(written(from), "slot and publication exist; --new-slot takes it over");
            return;
        }
        if (isRight(name, from, line)) {
            for (String section : List.of(SOURCE, SNAPSHOT)) {
                if (name.startsWith(section)) {
                    section(section).put(name.substring(section.length()), line);
                    return;
                }
            }
            sink().put(name, line);
        }
    }

    /** Adds a problem if the setting does not take the value. */
    private boolean isRight(String name, String from, Line line) {
        if (line.texts().stream().anyMatch(text -> text.contains("${env:"))) {
            return true;
        }
        Setting<?> setting = setting(name);
        Place place = place(from);
        Given given = line.shape() == SettingType.Shape.ONE
                ? Given.text(written(from), line.texts().get(0), place)
                : Given.list(written(from), line.texts(), place);
        int before = problems.count();
        new SettingReader(problems).read("", List.of(setting), Map.of(setting.key(), given), missing -> {});
        return problems.count() == before;
    }

    private static Setting<?> setting(String name) {
        List<Setting<?>> known = name.startsWith(SOURCE)
                ? SourceSettings.ALL
                : name.startsWith(SNAPSHOT) ? SnapshotSettings.ALL : OF_SINKS;
        String key = name.substring(name.lastIndexOf('.') + 1);
        return known.stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no setting " + name));
    }

    /** Returns a URI if that says the same. It has no place for a reference, or for a secret. */
    private static String uri(String keywords) {
        if (keywords.contains("${")) {
            return keywords;
        }
        ServerAddress address = ServerUrl.parse(keywords, Map.of(), "user");
        return address.uri();
    }

    /** Returns the option's name as the file has it. */
    String written(String option) {
        Option known = options.get(option);
        return known == null ? option : known.written();
    }

    private Place place(String option) {
        Option known = options.get(option);
        return known == null ? Place.property(option) : known.place();
    }

    /** Adds the problem of an option's value. */
    void problem(ErrorCode code, String option, String message) {
        problems.add(code, place(option), message);
    }

    /** Removes a setting of the sink. */
    @Nullable
    Line take(String key) {
        return sink().remove(key);
    }

    @Override
    public void broken(String name) {
        // a value that is missing has a problem or a note already
    }

    @Override
    public void refuse(String name, String from, String text, String advice) {
        notes.lacking(written(from), SettingReader.quote(text) + "; " + FileWording.of(from, advice));
    }

    @Override
    public void differs(String option, String text, DebeziumAnswer.Fixed fixed) {
        notes.lacking(written(option), SettingReader.quote(text) + "; " + FileWording.of(option, fixed.advice()));
    }

    @Override
    public void unneeded(String option, String why) {
        notes.unneeded(written(option), FileWording.of(option, why));
    }

    @Override
    public void lacks(String option, String advice, @Nullable String near) {
        if (near != null) {
            problem(
                    ErrorCode.CONFIG_UNKNOWN_KEY,
                    option,
                    written(option) + " is unknown; did you mean \"" + near + "\"?");
        } else {
            notes.lacking(written(option), FileWording.of(option, advice));
        }
    }
}
