package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import java.util.ArrayList;
import java.util.List;

/** What every sink on a PostgreSQL database has. */
public final class TargetSettings {

    public static final SettingType<TableName> TABLE = SettingType.one("table", "schema.table", TableName::parse);

    static final Setting<ServerAddress> URL = Setting.required(
            "url",
            ServerUrl.SETTING,
            "The database to write to, in any of the forms of `source.url`; the same server or another one.");

    public static final Setting<Boolean> CREATE = Setting.of(
            "create",
            SettingType.bool(),
            false,
            "Create what is missing: schemas, tables, functions. `false`: what is missing is an error; docs/postgres-sinks.md has the SQL.");

    public static final Setting<TableName> POSITION_TABLE = Setting.of(
            "position_table",
            TABLE,
            new TableName("pgcdc", "sink_positions"),
            "Where the sink's position is kept, in the target and in the rows' own transaction. Sinks may share it.");

    static final Setting<Long> COMMIT_BYTES = Setting.of(
            "commit_bytes",
            SettingType.number(1, 1_073_741_824),
            4_194_304L,
            "Under load the target's transaction is committed once it holds about so much; sooner by `linger_ms`, and when nothing waits. A"
                    + " source's transaction is never divided.");

    static final Setting<Long> ANSWER_TIMEOUT_MS = Setting.of(
            "answer_timeout_ms",
            SettingType.number(1_000, 3_600_000, 1_000),
            60_000L,
            "How long one statement may take, lock waits included; then it is tried again on another connection. In whole seconds. Of statements"
                    + " that read or change a whole table it limits only the lock waits.");

    /** Of those sinks that want one. */
    public static final Setting<OriginPolicy> ORIGIN = Setting.of(
            "origin",
            SettingType.choice(OriginPolicy.class),
            OriginPolicy.AUTO,
            "Mark what is written with a replication origin, so that a capture of the target can tell it from what is its own. Takes one of the"
                    + " target's max_replication_slots (18: max_active_replication_origins) for good. `auto`: where the role may (a"
                    + " superuser, or one that was granted the functions) and there is one left, else a warning. `require`, `off`.");

    private TargetSettings() {}

    /** These, with a sink's own in front. */
    public static List<Setting<?>> with(List<Setting<?>> own) {
        List<Setting<?>> all = new ArrayList<>(List.of(URL));
        all.addAll(own);
        all.addAll(List.of(CREATE, POSITION_TABLE, COMMIT_BYTES, ANSWER_TIMEOUT_MS));
        return List.copyOf(all);
    }

    /** Another database that a sink writes to, without an origin and outside its transactions. */
    public static Target second(ServerAddress address, SettingValues settings) {
        return new Target(address, (int) (long) settings.get(ANSWER_TIMEOUT_MS), OriginPolicy.OFF);
    }

    /** A sink that writes as the applier says; without a replication origin unless ORIGIN is one of its settings. */
    public static TargetSink sink(String name, SettingValues settings, Applier applier, boolean withOrigin) {
        return new TargetSink(
                name,
                new Target(
                        settings.get(URL),
                        (int) (long) settings.get(ANSWER_TIMEOUT_MS),
                        withOrigin ? settings.get(ORIGIN) : OriginPolicy.OFF),
                new SinkPositions(
                        name, settings.get(URL).describe(), settings.get(POSITION_TABLE), settings.get(CREATE)),
                applier,
                settings.get(COMMIT_BYTES));
    }
}
