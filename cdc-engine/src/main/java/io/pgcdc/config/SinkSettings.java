package io.pgcdc.config;

import java.util.List;
import java.util.regex.Pattern;

/** What every element of {@code sinks:} has, beside the settings of its type. */
public final class SinkSettings {

    public static final Setting<String> NAME = Setting.required(
            "name",
            SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "1 to 63 of a-z, 0-9, _, -, a letter or digit first"),
            "Name of the sink in logs and checkpoints; unique. A sink that is renamed is a new one.");

    public static final Setting<String> TYPE =
            Setting.required("type", SettingType.text(), "Type of the sink; the tables below list them.");

    public static final Setting<FailurePolicy> ON_FAILURE = Setting.of(
            "on_failure",
            SettingType.choice(FailurePolicy.class),
            FailurePolicy.STOP_SINK,
            "When the sink fails for good. `stop_sink`: it stops alone, which is logged every minute, the others go on, and the run ends with"
                    + " its error in the end; under `confirm: sinks` the primary keeps its WAL meanwhile. `stop_pipeline`: everything stops.");

    public static final Setting<Long> RETRY_FOR_MS = Setting.of(
            "retry_for_ms",
            SettingType.number(0, 604_800_000),
            0L,
            "How long a batch is tried again while the sink's target fails in a way that may pass; then the sink has failed for good."
                    + " 0: for ever.");

    public static final Setting<Long> RETRY_TIMES = Setting.of(
            "retry_times",
            SettingType.number(0, 1_000_000),
            20L,
            "How often a target is tried again that gives the same reason each time (CDC-509: a lock, a deadlock, a full disk, read-only) while"
                    + " nothing gets through; then the sink has failed for good (CDC-520). With the pauses in between, 20 take six minutes and"
                    + " more. 0: for ever. A lost connection (CDC-508) does not count.");

    public static final Setting<Long> LINGER_MS = Setting.of(
            "linger_ms",
            SettingType.number(0, 60_000),
            200L,
            "How long what the sink accepted may wait to be made durable while more comes; when nothing comes it does not wait, or 20 ms at most.");

    public static final Setting<StartFrom> START = Setting.of(
            "start",
            SettingType.one("place", StartFrom.FORM, StartFrom::parse),
            StartFrom.BEGINNING,
            "Where a new sink begins in a queue that holds changes already. `beginning`: with the first one that the queue holds. `now`: with"
                    + " the first transaction that is captured from now on. A position, as records print it: with the first change behind"
                    + " it; the queue must hold it, or not have reached it yet, and the server's WAL must have.");

    public static final Setting<Boolean> DEAD_LETTER = Setting.of(
            "dead_letter",
            SettingType.bool(),
            false,
            "When the target refuses a single change for good. `true`: the change goes to `dead-letters/NAME.jsonl` in the queue's directory,"
                    + " which is logged, and the sink goes on behind it. `false`: the sink has failed for good.");

    public static final Setting<List<String>> PUBLICATIONS = Setting.optional(
            "publications",
            SettingType.list(),
            "Which of source.publications reach the sink: the operations that one of them publishes, of the tables that are in it. Logical"
                    + " messages, which belong to no publication, do not. Without it: everything.");

    public static final Setting<List<TablePattern>> TABLES = Setting.optional(
            "tables",
            SettingType.list(SettingType.one("table", "schema.table or schema.*", TablePattern::parse)),
            "Which tables reach the sink. Logical messages, which belong to no table, do not. Without it: all.");

    public static final Setting<List<TablePattern>> EXCLUDE_TABLES = Setting.optional(
            "exclude_tables",
            SettingType.list(SettingType.one("table", "schema.table or schema.*", TablePattern::parse)),
            "Tables that do not reach the sink, of those that otherwise would. Logical messages still do.");

    public static final Setting<OriginFilter> ORIGINS = Setting.of(
            "origins",
            SettingType.choice(OriginFilter.class),
            OriginFilter.ANY,
            "`local`: only what was made on the source itself, not what a subscription or another pipeline's projection replayed there"
                    + " under a replication origin; so two databases can follow each other. `any`: all.");

    public static final Setting<List<ColumnName>> EXCLUDE_COLUMNS = Setting.optional(
            "exclude_columns",
            SettingType.list(SettingType.one("column", "schema.table.column", ColumnName::parse)),
            "Columns that the sink does not get to see. A row whose key holds one has no record_id.");

    public static final Setting<List<MaskedColumn>> MASK = Setting.optional(
            "mask",
            SettingType.list(SettingType.one("masked column", "schema.table.column=" + Mask.FORM, MaskedColumn::parse)),
            "Columns whose values are replaced by texts: `hash` (HMAC-SHA-256 under mask_salt, equal values stay equal), `truncate:N` (the"
                    + " first N characters), `fixed:TEXT`. Null stays null; whether a value changed can still be seen.");

    public static final Setting<String> MASK_SALT = Setting.optional(
                    "mask_salt",
                    SettingType.text(Pattern.compile(".{16,}", Pattern.DOTALL), "at least 16 characters"),
                    "Secret key of the hashes of mask. Another salt gives other hashes.")
            .asSecret();

    public static final List<Setting<?>> ALL = List.of(
            NAME,
            TYPE,
            ON_FAILURE,
            RETRY_FOR_MS,
            RETRY_TIMES,
            LINGER_MS,
            START,
            DEAD_LETTER,
            PUBLICATIONS,
            TABLES,
            EXCLUDE_TABLES,
            ORIGINS,
            EXCLUDE_COLUMNS,
            MASK,
            MASK_SALT);

    private SinkSettings() {}
}
