package io.pgcdc.view;

import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.List;
import java.util.regex.Pattern;

/** What every element of {@code sinks:} can say of which changes reach it, and how. */
public final class RouteSettings {

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

    public static final List<Setting<?>> ALL =
            List.of(PUBLICATIONS, TABLES, EXCLUDE_TABLES, ORIGINS, EXCLUDE_COLUMNS, MASK, MASK_SALT);

    private RouteSettings() {}
}
