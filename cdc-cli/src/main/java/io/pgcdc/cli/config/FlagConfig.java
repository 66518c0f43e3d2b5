package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Adds flags to a draft. A flag replaces the file's value of the same setting; for a list, the whole list. */
final class FlagConfig {

    static final String PIPELINE = "--pipeline";
    static final String SINK = "--sink";
    static final String FORMAT = "--format";
    private static final String FORMAT_KEY = "format";

    /** Flags by setting. */
    static final Map<Setting<?>, String> FLAGS = flags();

    private final Draft draft;
    private final Problems problems;

    private FlagConfig(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
    }

    static void lay(Flags flags, ProcessDraft over, Problems problems) {
        put(over.http, HttpSettings.LISTEN, flags.http());
        String named = flags.pipeline();
        if (over.listed && over.pipelines.size() > 1 && named == null) {
            refuse(flags, problems);
            return;
        }
        List<Draft> chosen = named == null || over.pipelines.size() == 1 ? over.pipelines : over.named(named);
        chosen.forEach(one -> new FlagConfig(one, problems).lay(flags));
        if (named != null) {
            choose(named, over, problems);
        }
    }

    /** Leaves the named pipeline chosen, now that flags may have changed its name. */
    private static void choose(String named, ProcessDraft over, Problems problems) {
        over.chosen = over.named(named).stream().findFirst().orElse(null);
        if (over.chosen == null) {
            List<String> names = over.pipelines.stream()
                    .map(Draft::name)
                    .flatMap(Optional::stream)
                    .toList();
            problems.add(
                    ErrorCode.CONFIG_CONFLICT,
                    Place.flag(PIPELINE),
                    "there is no pipeline " + SettingReader.quote(named) + "; " + NearMatch.advice(named, names));
        }
    }

    private static void refuse(Flags flags, Problems problems) {
        ProcessDraft nothing = new ProcessDraft(Place.DEFAULT);
        Draft given = nothing.add(Place.DEFAULT);
        new FlagConfig(given, new Problems()).lay(flags);
        Stream.concat(Stream.of(given.source, given.queue, given.snapshot), given.sinks.stream())
                .flatMap(section -> section.given.values().stream())
                .map(value -> value.origin())
                .distinct()
                .forEach(place -> problems.add(
                        ErrorCode.CONFIG_CONFLICT,
                        place,
                        place.name() + " is for one pipeline, and the file has several; name it with " + PIPELINE));
    }

    private void lay(Flags flags) {
        put(draft.source, SourceSettings.URL, flags.source());
        put(draft.source, SourceSettings.SLOT, flags.slot());
        putList(draft.source, SourceSettings.PUBLICATIONS, flags.publications());
        put(draft.source, SourceSettings.CREATE_SLOT, text(flags.createSlot()));
        put(draft.source, SourceSettings.CREATE_PUBLICATION, text(flags.createPublication()));
        putList(draft.source, SourceSettings.PUBLICATION_TABLES, flags.tables());
        put(draft.snapshot, SnapshotSettings.MODE, flags.snapshot());
        put(draft.queue, QueueSettings.DIR, flags.queueDir());
        sinks(flags.sinks());
        format(flags.format());
    }

    private static Map<Setting<?>, String> flags() {
        Map<Setting<?>, String> flags = new LinkedHashMap<>();
        flags.put(SourceSettings.URL, "--source");
        flags.put(SourceSettings.SLOT, "--slot");
        flags.put(SourceSettings.PUBLICATIONS, "--publication");
        flags.put(SourceSettings.CREATE_SLOT, "--create-slot");
        flags.put(SourceSettings.CREATE_PUBLICATION, "--create-publication");
        flags.put(SourceSettings.PUBLICATION_TABLES, "--table");
        flags.put(SnapshotSettings.MODE, "--snapshot");
        flags.put(QueueSettings.DIR, "--queue-dir");
        flags.put(HttpSettings.LISTEN, "--http");
        return flags;
    }

    /** Returns the flag of a setting that has one. */
    private static String flag(Setting<?> setting) {
        String flag = FLAGS.get(setting);
        if (flag == null) {
            throw new IllegalArgumentException(setting.key());
        }
        return flag;
    }

    private static void put(Draft.GivenSection section, Setting<?> setting, @Nullable String text) {
        if (text != null) {
            section.given.put(setting.key(), Given.text(flag(setting), text, Place.flag(flag(setting))));
        }
    }

    private static void putList(Draft.GivenSection section, Setting<?> setting, List<String> texts) {
        if (!texts.isEmpty()) {
            section.given.put(setting.key(), Given.list(flag(setting), split(texts), Place.flag(flag(setting))));
        }
    }

    private void sinks(List<String> given) {
        List<String> types = split(given);
        if (types.isEmpty()) {
            return;
        }
        Place origin = Place.flag(SINK);
        if (!draft.sinks.isEmpty()) {
            conflict(origin, SINK + " and the sinks of " + draft.top.at.name() + " exclude each other; remove one");
            return;
        }
        for (String type : types) {
            Draft.GivenSection sink = new Draft.GivenSection(origin);
            sink.given.put(SinkSettings.TYPE.key(), Given.text(SINK, type, origin));
            draft.sinks.add(sink);
        }
    }

    private void format(@Nullable String format) {
        if (format == null) {
            return;
        }
        Place origin = Place.flag(FORMAT);
        if (draft.sinks.size() > 1) {
            conflict(origin, FORMAT + " with several sinks is ambiguous; write format: under each in a file");
        } else if (draft.sinks.size() == 1) {
            draft.sinks.get(0).given.put(FORMAT_KEY, Given.text(FORMAT, format, origin));
        }
        // without any sink there is already a problem: the sink is missing
    }

    private void conflict(Place origin, String message) {
        problems.add(ErrorCode.CONFIG_CONFLICT, origin, message);
    }

    private static List<String> split(List<String> texts) {
        return texts.stream().flatMap(t -> SettingType.split(t).stream()).toList();
    }

    private static @Nullable String text(@Nullable Boolean flag) {
        return flag == null ? null : flag.toString();
    }
}
