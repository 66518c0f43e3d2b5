package io.pgcdc.cli.config;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.cli.plugin.PluginFolder;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.view.RouteConfig;
import io.pgcdc.view.RouteSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks the sinks of a draft, each against the settings of its type's provider. */
final class SinkReader {

    /** Settings that a sink from flags need not have: its type is its name. */
    private static final List<Setting<?>> WITHOUT_NAME =
            SinkSettings.ALL.stream().filter(s -> !s.equals(SinkSettings.NAME)).toList();

    private static final List<Setting<?>> DELIVERY =
            WITHOUT_NAME.stream().filter(s -> !s.equals(SinkSettings.TYPE)).toList();

    private final Draft draft;
    private final Map<String, SinkProvider> providers;
    private final PluginFolder plugins;
    private final Environment environment;
    private final Problems problems;
    private final SettingReader settings;

    SinkReader(
            Draft draft,
            Environment environment,
            Map<String, SinkProvider> providers,
            PluginFolder plugins,
            Function<Given, @Nullable ServerAddress> databases,
            Problems problems) {
        this.draft = draft;
        this.environment = environment;
        this.providers = Map.copyOf(providers);
        this.plugins = plugins;
        this.problems = problems;
        this.settings = new SettingReader(problems, Map.of(ServerUrl.SETTING, (given, into) -> databases.apply(given)));
    }

    /** One sink or feed, with the places of its values. */
    record ReadSink(SinkConfig config, Section section) {

        boolean isFeed() {
            return FeedConfig.TYPE.equals(config.type());
        }

        FeedConfig feed() {
            return new FeedConfig(config.name(), config.route());
        }
    }

    /** Returns the sinks without problems. */
    List<ReadSink> read() {
        if (draft.sinks.isEmpty() && !draft.top.broken.contains("sinks")) {
            boolean file = draft.fromFile();
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    file ? draft.top.at : Place.flag(FlagConfig.SINK),
                    file
                            ? "sinks is missing; write sinks: with at least one, or give --sink"
                            : "--sink is missing; give it, or a file with -c");
        }
        List<ReadSink> sinks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Draft.GivenSection section : draft.sinks) {
            ReadSink sink = sink(section, names);
            if (sink != null) {
                sinks.add(sink);
            }
        }
        return sinks;
    }

    private @Nullable ReadSink sink(Draft.GivenSection section, Set<String> names) {
        boolean fromFlag = section.at.kind() == Place.Kind.FLAG;
        Map<String, Given> own = new LinkedHashMap<>(section.given);
        Map<String, Given> common = new LinkedHashMap<>();
        for (Setting<?> setting : SinkSettings.ALL) {
            Given given = own.remove(setting.key());
            if (given != null) {
                common.put(setting.key(), given);
            }
        }
        SettingValues head = settings.read(
                "sinks", fromFlag ? WITHOUT_NAME : SinkSettings.ALL, common, setting -> missing(setting, section));
        String type = head.find(SinkSettings.TYPE);
        String name = fromFlag ? type : head.find(SinkSettings.NAME);
        if (name != null && !names.add(name)) {
            duplicate(name, common, section);
        }
        if (FeedConfig.TYPE.equals(type)) {
            return feed(name, head, common, own, section);
        }
        SinkProvider provider = type == null ? null : provider(type, common);
        if (type == null || provider == null) {
            return null;
        }
        String label = "sink " + SettingReader.quote(name == null ? type : name);
        List<Setting<?>> all = new ArrayList<>(DELIVERY);
        all.addAll(provider.settings());
        SettingValues values = readAgain(
                provider.settings(), own, settings.read(label, all, own, setting -> missing(setting, section)));
        if (name == null) {
            return null;
        }
        provider.check(values, (setting, problem) -> {
            if (!own.containsKey(setting.key())
                    || values.isGiven(setting)) { // otherwise its problem is already reported
                conflict(label, setting, problem, section);
            }
        });
        RouteConfig route = RouteConfig.of(head);
        return new ReadSink(
                new SinkConfig(
                        name,
                        type,
                        DeliveryConfig.of(head),
                        head.isGiven(RouteSettings.TABLES) ? route : route.withTables(provider.tables(values)),
                        values),
                new Section(all, section.given, head.and(values)));
    }

    /** Reads a feed. It has the settings that say what is seen; not those of a delivery, for its clients fetch the changes. */
    private @Nullable ReadSink feed(
            @Nullable String name,
            SettingValues head,
            Map<String, Given> common,
            Map<String, Given> own,
            Draft.GivenSection section) {
        String label = "sink " + SettingReader.quote(name == null ? FeedConfig.TYPE : name);
        settings.read(label, RouteSettings.ALL, own, setting -> {});
        for (Setting<?> setting : DELIVERY) {
            if (common.containsKey(setting.key()) && !RouteSettings.ALL.contains(setting)) {
                conflict(label, setting, "is not for a feed, whose clients fetch the changes; remove it", section);
            }
        }
        return name == null
                ? null
                : new ReadSink(
                        new SinkConfig(
                                name,
                                FeedConfig.TYPE,
                                DeliveryConfig.DEFAULT,
                                RouteConfig.of(head),
                                SettingValues.NONE),
                        new Section(RouteSettings.ALL, section.given, head));
    }

    /** Has secrets in files read again for each login. */
    private SettingValues readAgain(List<Setting<?>> settings, Map<String, Given> own, SettingValues values) {
        SettingValues all = values;
        for (Setting<?> setting : settings) {
            Given given = own.get(setting.key());
            List<String> texts = given == null ? null : draft.written.get(given);
            if (given != null
                    && texts != null
                    && texts.stream().anyMatch(References::nameFile)
                    && values.find(setting) instanceof KeyValues pairs) {
                all = all.and(new SettingValues(
                        Map.of(setting.key(), pairs.readAgainBy(new ReferencedPairs(given, texts, environment)))));
            }
        }
        return all;
    }

    private void conflict(String label, Setting<?> setting, String problem, Draft.GivenSection section) {
        Given given = section.given.get(setting.key());
        problems.add(
                ErrorCode.CONFIG_CONFLICT,
                given == null ? section.at : given.origin(),
                label + ": " + setting.key() + " " + problem);
    }

    private @Nullable SinkProvider provider(String type, Map<String, Given> common) {
        SinkProvider provider = providers.get(type);
        Given given = common.get(SinkSettings.TYPE.key());
        if (provider == null && given != null) {
            String shown = given.hidden() ? "an unknown type" : SettingReader.quote(type) + ", an unknown type";
            Set<String> types = new TreeSet<>(providers.keySet());
            types.add(FeedConfig.TYPE);
            String near = given.hidden() ? null : NearMatch.of(type, types);
            String known = String.join(", ", types);
            problems.add(
                    ErrorCode.SINK_UNKNOWN,
                    given.origin(),
                    given.label() + " is " + shown + "; "
                            + (near == null ? "known names are " : "did you mean \"" + near + "\"? Known names are ")
                            + known + "; " + plugins.describe());
        }
        return provider;
    }

    private void duplicate(String name, Map<String, Given> common, Draft.GivenSection section) {
        Given given = common.get(SinkSettings.NAME.key());
        problems.add(
                ErrorCode.CONFIG_CONFLICT,
                given == null ? section.at : given.origin(),
                given == null
                        ? "--sink " + name + " is given twice; remove one"
                        : "sink name " + SettingReader.quote(name) + " is used twice; choose another");
    }

    private void missing(Setting<?> setting, Draft.GivenSection section) {
        if (!section.broken.contains(setting.key())) {
            String place = section.at.kind() == Place.Kind.FLAG ? "; write it in a file, with -c" : "; write it";
            problems.add(ErrorCode.CONFIG_MISSING, section.at, "the sink's " + setting.key() + " is missing" + place);
        }
    }
}
