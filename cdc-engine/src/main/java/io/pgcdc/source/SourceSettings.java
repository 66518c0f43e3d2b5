package io.pgcdc.source;

import io.pgcdc.address.PasswordCommand;
import io.pgcdc.model.Identifiers;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The settings under {@code source:}. */
public final class SourceSettings {

    public static final Setting<String> URL = Setting.required(
                    "url",
                    SettingType.text(),
                    "The database to read from: a libpq URI (`postgresql://user@host:5432/database`), a libpq keyword string"
                            + " (`host=… dbname=…`) or a JDBC URL. Missing parts come from the PG* variables, then from libpq's"
                            + " defaults. Put the password in a password file, `PGPASSWORD` or `${file:/path}`.")
            .asSecret();

    public static final Setting<List<String>> PASSWORD_COMMAND =
            Setting.optional("password_command", PasswordCommand.WORDS, PasswordCommand.DOC);

    public static final Setting<String> SLOT = Setting.required(
            "slot",
            SettingType.text(Pattern.compile("[a-z0-9_]{1,63}"), "1 to 63 of a-z, 0-9, _"),
            "The replication slot. Only one pipeline can use it at a time.");

    public static final Setting<List<String>> PUBLICATIONS = Setting.required(
            "publications",
            SettingType.list(SettingType.one("text", "names of 1 to 63 bytes", SourceSettings::name)),
            "The publications whose tables are read.");

    public static final Setting<Boolean> CREATE_SLOT = Setting.of(
            "create_slot",
            SettingType.bool(),
            false,
            "Create the slot at the start if it does not exist. Earlier changes are not delivered.");

    public static final Setting<Boolean> FAILOVER_SLOT = Setting.of(
            "failover_slot",
            SettingType.bool(),
            false,
            "With create_slot: create a slot that standbys synchronize (PostgreSQL 17 and later, with sync_replication_slots"
                    + " = on there). A failover does not lose such a slot.");

    public static final Setting<Boolean> CREATE_PUBLICATION = Setting.of(
            "create_publication",
            SettingType.bool(),
            false,
            "Create the publication at the start if it does not exist. Requires exactly one name under `publications`.");

    public static final Setting<List<TableName>> PUBLICATION_TABLES = Setting.optional(
            "publication_tables",
            SettingType.list(SettingType.one("table", "schema.table", TableName::parse)),
            "The tables of the publication that `create_publication` creates. If not set: all tables, which requires a superuser.");

    public static final Setting<TableAliases> TABLE_ALIASES = Setting.of(
            "table_aliases",
            TableAliases.TYPE,
            TableAliases.NONE,
            "Gives several tables one name in all that reaches sinks, and in the settings of sinks: the shards of a"
                    + " [Citus](../how-to/citus.md) table. Each key is a Java regular expression that must match the whole `schema.table` of"
                    + " a table, each value is a `schema.table`: `{\"public.orders_[0-9]+\": public.orders}`. If several match,"
                    + " the first one counts.");

    public static final Setting<Long> STATUS_INTERVAL_MS = Setting.of(
            "status_interval_ms",
            SettingType.number(100, 600_000),
            10_000L,
            "The longest time between two status messages that tell the server which changes are safe. Keep it well below the"
                    + " server's wal_sender_timeout.");

    public static final Setting<Long> RECEIVE_TIMEOUT_MS = Setting.of(
            "receive_timeout_ms",
            SettingType.number(1_000, 3_600_000),
            60_000L,
            "If the server is silent for this long, the connection counts as lost. Must be more than `status_interval_ms`.");

    public static final Setting<Long> CONNECT_TIMEOUT_MS = Setting.of(
            "connect_timeout_ms",
            SettingType.number(1_000, 600_000, 1_000),
            10_000L,
            "The time limit of a connection to one host, and of each answer during its login. In whole seconds. Excludes"
                    + " connect_timeout in the URL.");

    public static final Setting<Boolean> RECONNECT = Setting.of(
            "reconnect",
            SettingType.bool(),
            true,
            "Reconnect after a connection was lost, with pauses that grow to 10 s. Covers a restart of the server, a failover"
                    + " to another host of the URL, and network failures. `false`: end with an error.");

    public static final Setting<Long> HEARTBEAT_INTERVAL_MS = Setting.of(
            "heartbeat_interval_ms",
            SettingType.number(0, 3_600_000),
            60_000L,
            "If the server's WAL grows but the published tables do not change for this long, pgcdc writes a logical message"
                    + " to the source (pg_logical_emit_message, prefix `pgcdc.heartbeat`; no sink sees it). It lets the slot advance."
                    + " 0: never.");

    public static final Setting<Long> WATCH_INTERVAL_MS = Setting.of(
            "watch_interval_ms",
            SettingType.number(100, 600_000),
            5_000L,
            "How often pgcdc asks the server how much WAL the slot holds, and who holds it. It asks sooner when the room for WAL shrinks"
                    + " quickly. Each time one short query, on a connection of its own.");

    public static final List<Setting<?>> ALL = List.of(
            URL,
            PASSWORD_COMMAND,
            SLOT,
            PUBLICATIONS,
            CREATE_SLOT,
            FAILOVER_SLOT,
            CREATE_PUBLICATION,
            PUBLICATION_TABLES,
            TABLE_ALIASES,
            STATUS_INTERVAL_MS,
            RECEIVE_TIMEOUT_MS,
            CONNECT_TIMEOUT_MS,
            RECONNECT,
            HEARTBEAT_INTERVAL_MS,
            WATCH_INTERVAL_MS);

    private SourceSettings() {}

    private static String name(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > Identifiers.NAME_BYTES || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("names of 1 to 63 bytes");
        }
        return text;
    }
}
