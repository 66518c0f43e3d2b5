package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds flags to a draft. A flag replaces the file's value of the same setting; for a list, the whole list. */
final class FlagConfig {

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

    static void lay(Flags flags, Draft over, Problems problems) {
        FlagConfig config = new FlagConfig(over, problems);
        config.put(over.source, SourceSettings.URL, flags.source());
        config.put(over.source, SourceSettings.SLOT, flags.slot());
        config.putList(over.source, SourceSettings.PUBLICATIONS, flags.publications());
        config.put(over.source, SourceSettings.CREATE_SLOT, text(flags.createSlot()));
        config.put(over.source, SourceSettings.CREATE_PUBLICATION, text(flags.createPublication()));
        config.putList(over.source, SourceSettings.PUBLICATION_TABLES, flags.tables());
        config.put(over.snapshot, SnapshotSettings.MODE, flags.snapshot());
        config.put(over.queue, QueueSettings.DIR, flags.queueDir());
        config.put(over.http, HttpSettings.LISTEN, flags.http());
        config.sinks(flags.sinks());
        config.format(flags.format());
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

    private void put(Draft.GivenSection section, Setting<?> setting, @Nullable String text) {
        if (text != null) {
            section.given.put(setting.key(), Given.text(flag(setting), text, Place.flag(flag(setting))));
        }
    }

    private void putList(Draft.GivenSection section, Setting<?> setting, List<String> texts) {
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
