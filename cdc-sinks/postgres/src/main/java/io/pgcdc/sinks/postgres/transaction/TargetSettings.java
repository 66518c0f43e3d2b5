package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.address.Password;
import io.pgcdc.address.PasswordCommand;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import java.util.ArrayList;
import java.util.List;

/** The settings of all sinks on a PostgreSQL database. */
public final class TargetSettings {

    public static final SettingType<TableName> TABLE = SettingType.one("table", "schema.table", TableName::parse);

    static final Setting<ServerAddress> URL = Setting.required(
            "url",
            ServerUrl.SETTING,
            "The database to write to, in any form of `source.url`. It may be on the source's server.");

    static final Setting<List<String>> PASSWORD_COMMAND =
            Setting.optional("password_command", PasswordCommand.WORDS, PasswordCommand.DOC);

    public static final Setting<Boolean> CREATE = Setting.of(
            "create",
            SettingType.bool(),
            false,
            "Create missing schemas, tables and functions. `false`: a missing object is an error; docs/how-to/postgres-sinks.md has the SQL.");

    public static final Setting<TableName> POSITION_TABLE = Setting.of(
            "position_table",
            TABLE,
            new TableName("pgcdc", "sink_positions"),
            "The target's table with the sink's position, which is written in the transaction of the rows. Sinks may share it.");

    static final Setting<Long> COMMIT_BYTES = Setting.of(
            "commit_bytes",
            SettingType.number(1, 1_073_741_824),
            4_194_304L,
            "Under load, the size at which the target's transaction is committed. It is committed earlier after `linger_ms`,"
                    + " and when no change waits. A source's transaction is never divided.");

    static final Setting<Long> ANSWER_TIMEOUT_MS = Setting.of(
            "answer_timeout_ms",
            SettingType.number(1_000, 3_600_000, 1_000),
            60_000L,
            "The time limit of one statement, including lock waits. After it, the sink retries on another connection. In"
                    + " whole seconds. For statements that read or change a whole table, it limits only lock waits.");

    /** Only sinks that set an origin have this setting. */
    public static final Setting<OriginPolicy> ORIGIN = Setting.of(
            "origin",
            SettingType.choice(OriginPolicy.class),
            OriginPolicy.AUTO,
            "Mark written rows with a replication origin, so that a capture of the target can tell them from its own changes."
                    + " An origin permanently takes one of the target's max_replication_slots (18: max_active_replication_origins)."
                    + " `auto`: set one if the role may (a superuser, or one with EXECUTE on the functions) and one is free, else warn."
                    + " `require`, `off`.");

    /** Only sinks whose tables may have triggers of the source have this setting. */
    public static final Setting<ReplicationRole> REPLICATION_ROLE = Setting.of(
            "session_replication_role",
            SettingType.choice(ReplicationRole.class),
            ReplicationRole.ORIGIN,
            "`origin`: triggers of the target run. `replica`: only triggers that are ENABLE REPLICA or ENABLE ALWAYS run. The target then also"
                    + " does not check foreign keys of written rows, and does not cascade deletes. Needs a superuser, or from PostgreSQL 15"
                    + " GRANT SET ON PARAMETER session_replication_role TO the sink's role.");

    private TargetSettings() {}

    /** Returns all settings of a sink: its own, and those of this class that every sink has. */
    public static List<Setting<?>> with(List<Setting<?>> own) {
        List<Setting<?>> all = new ArrayList<>(List.of(URL, PASSWORD_COMMAND));
        all.addAll(own);
        all.addAll(List.of(CREATE, POSITION_TABLE, COMMIT_BYTES, ANSWER_TIMEOUT_MS));
        return List.copyOf(all);
    }

    /**
     * Returns a second database that a sink writes to. These writes have no origin and are not part of the sink's transactions. A
     * password in its URL counts before the password_command.
     */
    public static Target second(ServerAddress address, SettingValues settings) {
        Password own = address.password();
        ServerAddress to =
                own != null && own.inUri() ? address : PasswordCommand.of(settings.find(PASSWORD_COMMAND), address);
        return new Target(to, (int) (long) settings.get(ANSWER_TIMEOUT_MS), OriginPolicy.OFF, ReplicationRole.ORIGIN);
    }

    /**
     * Creates a sink that writes with the applier.
     *
     * @param follows true if {@link #ORIGIN} and {@link #REPLICATION_ROLE} are settings of the sink
     */
    public static TargetSink sink(String name, SettingValues settings, Applier applier, boolean follows) {
        return new TargetSink(
                name,
                new Target(
                        PasswordCommand.of(settings.find(PASSWORD_COMMAND), settings.get(URL)),
                        (int) (long) settings.get(ANSWER_TIMEOUT_MS),
                        follows ? settings.get(ORIGIN) : OriginPolicy.OFF,
                        follows ? settings.get(REPLICATION_ROLE) : ReplicationRole.ORIGIN),
                new SinkPositions(
                        name, settings.get(URL).describe(), settings.get(POSITION_TABLE), settings.get(CREATE)),
                applier,
                settings.get(COMMIT_BYTES));
    }
}
