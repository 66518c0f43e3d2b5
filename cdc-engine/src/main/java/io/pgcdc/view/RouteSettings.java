package io.pgcdc.view;

import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.List;
import java.util.regex.Pattern;

/** The routing settings of each element of {@code sinks:}. */
public final class RouteSettings {

    public static final Setting<List<String>> PUBLICATIONS = Setting.optional(
            "publications",
            SettingType.list(),
            "Which of source.publications reach the sink: the operations that one of them publishes, of the tables in it."
                    + " Logical messages belong to no publication and do not reach it. If not set: everything.");

    public static final Setting<List<TablePattern>> TABLES = Setting.optional(
            "tables",
            SettingType.list(SettingType.one("table", "schema.table or schema.*", TablePattern::parse)),
            "Which tables reach the sink. Logical messages belong to no table and do not reach it. If not set: everything.");

    public static final Setting<List<TablePattern>> EXCLUDE_TABLES = Setting.of(
            "exclude_tables",
            SettingType.list(SettingType.one("table", "schema.table or schema.*", TablePattern::parse)),
            List.of(),
            "Tables that do not reach the sink. Logical messages still do.");

    public static final Setting<OriginFilter> ORIGINS = Setting.of(
            "origins",
            SettingType.choice(OriginFilter.class),
            OriginFilter.ANY,
            "`local`: only transactions of the source itself, not those that a subscription or another pipeline's projection"
                    + " replayed there under a replication origin. With it, two databases can replicate to each other. `any`: all.");

    public static final Setting<List<ColumnName>> EXCLUDE_COLUMNS = Setting.of(
            "exclude_columns",
            SettingType.list(SettingType.one("column", "schema.table.column", ColumnName::parse)),
            List.of(),
            "Columns that the sink does not see. If one is part of a row's key, the row has no record_id.");

    public static final Setting<List<MaskedColumn>> MASK = Setting.of(
            "mask",
            SettingType.list(SettingType.one("masked column", "schema.table.column=" + Mask.FORM, MaskedColumn::parse)),
            List.of(),
            "Columns whose values are replaced by texts: `hash` (HMAC-SHA-256 with mask_salt; equal values have equal"
                    + " hashes), `truncate:N` (the first N characters), `fixed:TEXT`. Null stays null. The sink still sees which values"
                    + " changed.");

    public static final Setting<String> MASK_SALT = Setting.optional(
                    "mask_salt",
                    SettingType.text(Pattern.compile(".{16,}", Pattern.DOTALL), "at least 16 characters"),
                    "Secret key of the mask `hash`. Another salt gives other hashes.")
            .asSecret();

    public static final List<Setting<?>> ALL =
            List.of(PUBLICATIONS, TABLES, EXCLUDE_TABLES, ORIGINS, EXCLUDE_COLUMNS, MASK, MASK_SALT);

    private RouteSettings() {}
}
