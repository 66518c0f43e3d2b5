package io.pgcdc.connect.config;

import io.pgcdc.connect.record.RecordSettings;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.setting.Setting;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All properties that are ours. Immutable. */
final class Properties {

    /** Texts that speak of YAML or of the command, as a user of properties needs them. */
    private static final Map<Setting<?>, String> DOCS = Map.of(
            SourceSettings.URL,
            "The database to read from: a libpq URI (`postgresql://user@host:5432/database`), a libpq keyword string"
                    + " (`host=… dbname=…`) or a JDBC URL. Missing parts have libpq's defaults. Put the password into `source.password`.",
            SourceSettings.PASSWORD_COMMAND,
            "A program whose first line of standard output is the password, and its arguments, with commas between them. It runs on"
                    + " the worker at each login, without a shell, for as long as connect_timeout at most. PGHOST, PGPORT, PGUSER and"
                    + " PGDATABASE tell it which login. Replaces every other password.",
            SourceSettings.TABLE_ALIASES,
            "Gives several tables one name in all records, and in the other properties: the shards of a Citus table. Write"
                    + " `PATTERN=schema.table`, with commas between several; or for each a property `source.table_aliases.PATTERN` with"
                    + " the value `schema.table`. A pattern is a Java regular expression that must match the whole `schema.table` of a"
                    + " table. If several match, the first one counts; of properties, in the order of their names.",
            PipelineSettings.MAX_ROW_BYTES,
            "Largest row that pgcdc accepts, as the server sends it. A larger row is an error that names its table and size."
                    + " Memory holds the whole row several times.");

    /** A setting with its value, as a file has it. */
    private static final Pattern IN_FILE = Pattern.compile("`([a-z_]+): ([^`]*)`");

    private static final Map<String, Property> BY_NAME = byName();

    private Properties() {}

    /** Returns all, by group, in the order of the reference. */
    static List<Property> all() {
        return List.copyOf(BY_NAME.values());
    }

    static @Nullable Property find(String name) {
        return BY_NAME.get(name);
    }

    static Property of(Setting<?> setting) {
        return BY_NAME.values().stream()
                .filter(p -> p.setting().equals(setting))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(setting.key() + " is no setting of the connector"));
    }

    /** Returns the settings of a group. */
    static List<Setting<?>> settings(Group group) {
        List<Setting<?>> settings = new ArrayList<>();
        for (Property property : BY_NAME.values()) {
            if (property.group() == group) {
                settings.add(property.setting());
            }
        }
        return settings;
    }

    private static Map<String, Property> byName() {
        Map<String, Property> all = new LinkedHashMap<>();
        for (Setting<?> setting : SourceSettings.ALL) {
            add(Group.SOURCE, setting, all);
            if (setting.equals(SourceSettings.URL)) {
                add(Group.SOURCE, ConnectSettings.PASSWORD, all);
            }
        }
        SnapshotSettings.ALL.forEach(setting -> add(Group.SNAPSHOT, setting, all));
        RecordSettings.ALL.forEach(setting -> add(Group.RECORDS, setting, all));
        RouteSettings.ALL.forEach(setting -> add(Group.ROUTING, setting, all));
        add(Group.CONNECTOR, ConnectSettings.SOURCES, all);
        add(Group.CONNECTOR, ConnectSettings.MEMORY_BYTES, all);
        add(Group.CONNECTOR, PipelineSettings.MAX_ROW_BYTES, all);
        add(Group.CONNECTOR, ConnectSettings.SPLIT_BYTES, all);
        add(Group.CONNECTOR, ConnectSettings.COMMIT_BYTES, all);
        add(Group.CONNECTOR, ConnectSettings.HEARTBEAT_TOPIC, all);
        add(Group.CONNECTOR, ConnectSettings.HEARTBEAT_RECORD_INTERVAL_MS, all);
        return Collections.unmodifiableMap(all);
    }

    private static void add(Group group, Setting<?> setting, Map<String, Property> all) {
        Property property = new Property(group, setting, doc(setting));
        if (all.put(property.name(), property) != null) {
            throw new IllegalStateException("two settings have the name " + property.name());
        }
    }

    private static String doc(Setting<?> setting) {
        String own = DOCS.get(setting);
        if (own != null) {
            return own;
        }
        return IN_FILE.matcher(setting.doc())
                .replaceAll("`$1=$2`")
                .replace("=[]`", "=`")
                .replace("the sinks first get", "the topics first get")
                .replace("no sink sees it", "no record shows it")
                .replace("the sink", "the connector")
                .replace("The sink", "The connector");
    }
}
