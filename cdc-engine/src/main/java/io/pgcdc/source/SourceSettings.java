package io.pgcdc.source;

import io.pgcdc.model.Identifiers;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What can be configured under {@code source:}. */
public final class SourceSettings {

    public static final Setting<String> URL = Setting.required(
                    "url",
                    SettingType.text(),
                    "The database to read from: a libpq URI (`postgresql://user@host:5432/database`), a libpq keyword string"
                            + " (`host=… dbname=…`) or a JDBC URL. Missing parts come from the PG* variables, then from libpq's"
                            + " defaults; the password best from a password file or `PGPASSWORD`.")
            .asSecret();

    public static final Setting<String> SLOT = Setting.required(
            "slot",
            SettingType.text(Pattern.compile("[a-z0-9_]{1,63}"), "1 to 63 of a-z, 0-9, _"),
            "The replication slot. One pipeline to a slot.");

    public static final Setting<List<String>> PUBLICATIONS = Setting.required(
            "publications",
            SettingType.list(SettingType.one("text", "names of 1 to 63 bytes", SourceSettings::name)),
            "The publications whose tables are read.");

    public static final Setting<Boolean> CREATE_SLOT = Setting.of(
            "create_slot",
            SettingType.bool(),
            false,
            "Create the slot at the start when it does not exist. Changes from before that moment are not delivered.");

    public static final Setting<Boolean> FAILOVER_SLOT = Setting.of(
            "failover_slot",
            SettingType.bool(),
            false,
            "With create_slot: a slot that standbys keep in step (PostgreSQL 17 and later, with sync_replication_slots = on there), so that a"
                    + " failover does not lose it.");

    public static final Setting<Boolean> CREATE_PUBLICATION = Setting.of(
            "create_publication",
            SettingType.bool(),
            false,
            "Create the publication at the start when it does not exist; with one name under `publications` only.");

    public static final Setting<List<TableName>> PUBLICATION_TABLES = Setting.optional(
            "publication_tables",
            SettingType.list(SettingType.one("table", "schema.table", TableName::parse)),
            "The tables of the publication that `create_publication` makes. Not given: all tables, which takes a superuser.");

    public static final Setting<Long> STATUS_INTERVAL_MS = Setting.of(
            "status_interval_ms",
            SettingType.number(100, 600_000),
            10_000L,
            "How often, at least, the server is told how far changes are safe. Keep it well under the server's"
                    + " wal_sender_timeout.");

    public static final Setting<Long> RECEIVE_TIMEOUT_MS = Setting.of(
            "receive_timeout_ms",
            SettingType.number(1_000, 3_600_000),
            60_000L,
            "After how long without a word from the server the connection counts as lost. More than `status_interval_ms`.");

    public static final Setting<Long> CONNECT_TIMEOUT_MS = Setting.of(
            "connect_timeout_ms",
            SettingType.number(1_000, 600_000, 1_000),
            10_000L,
            "How long to wait for a connection to one host, and for each answer of its login. In whole seconds. Not together with"
                    + " connect_timeout in the URL.");

    public static final Setting<Boolean> RECONNECT = Setting.of(
            "reconnect",
            SettingType.bool(),
            true,
            "Connect again by itself, after pauses that grow to 10 s, when a connection that once stood was lost: a restart of the server,"
                    + " a failover to another host of the URL, the network. `false`: end with an error.");

    public static final Setting<Long> HEARTBEAT_INTERVAL_MS = Setting.of(
            "heartbeat_interval_ms",
            SettingType.number(0, 3_600_000),
            60_000L,
            "After how long without a change of its own tables, while the server's WAL grows, a logical message is written to the source"
                    + " (pg_logical_emit_message, prefix `pgcdc.heartbeat`; no sink sees it), so that the slot moves on. 0: never.");

    public static final List<Setting<?>> ALL = List.of(
            URL,
            SLOT,
            PUBLICATIONS,
            CREATE_SLOT,
            FAILOVER_SLOT,
            CREATE_PUBLICATION,
            PUBLICATION_TABLES,
            STATUS_INTERVAL_MS,
            RECEIVE_TIMEOUT_MS,
            CONNECT_TIMEOUT_MS,
            RECONNECT,
            HEARTBEAT_INTERVAL_MS);

    private SourceSettings() {}

    private static String name(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > Identifiers.NAME_BYTES || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("names of 1 to 63 bytes");
        }
        return text;
    }
}
