package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.postgres.projection.TablePlan.Field;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import io.pgcdc.sinks.postgres.transaction.DeferredConstraints;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the plan of a source table. Finds the target table, creates or extends it if the settings allow that, and checks that it can
 * store the rows. For one thread.
 */
final class PlanBuilder {

    private static final String NONE = "";

    private final @Nullable TableName table;
    private final @Nullable String schema;
    private final int number;
    private final @Nullable List<MappedColumn> columns;
    private final @Nullable List<String> key;
    private final @Nullable String deletedColumn;
    private final @Nullable String versionColumn;
    private final @Nullable String syncedColumn;
    private final @Nullable String newerBy;
    private final boolean create;
    private final TargetWarnings warnings;

    /** @param number the number of the mapping */
    PlanBuilder(String sink, int number, SettingValues settings) {
        this.number = number;
        warnings = new TargetWarnings(sink, settings.get(TargetSettings.REPLICATION_ROLE));
        table = settings.find(ProjectionSettings.TABLE);
        schema = settings.find(ProjectionSettings.SCHEMA);
        columns = settings.find(ProjectionSettings.COLUMNS);
        key = settings.find(ProjectionSettings.KEY);
        deletedColumn = settings.find(ProjectionSettings.DELETED_COLUMN);
        versionColumn = settings.find(ProjectionSettings.VERSION_COLUMN);
        syncedColumn = settings.find(ProjectionSettings.SYNCED_COLUMN);
        newerBy = settings.find(ProjectionSettings.NEWER_BY);
        create = settings.get(TargetSettings.CREATE);
    }

    /** Returns the names of the source columns that the target uses, or null if it uses all. */
    @Nullable
    Set<String> usedColumns() {
        List<MappedColumn> some = columns;
        if (some == null || some.stream().anyMatch(column -> column.kind() == MappedColumn.Kind.ROW)) {
            return null;
        }
        return some.stream()
                .filter(MappedColumn::readsColumn)
                .map(MappedColumn::source)
                .collect(Collectors.toSet());
    }

    /** Returns true if missing tables are created. */
    boolean creates() {
        return create && table == null;
    }

    /** Returns the target table for a source table's rows. */
    TableName target(Relation relation) {
        TableName one = table;
        return one != null ? one : new TableName(schema != null ? schema : relation.schema(), relation.name());
    }

    /**
     * Returns the plan of one layout. Creates or extends the target table if {@link #creates} returns true.
     *
     * @throws SinkException TARGET_MISSING, TARGET_MISFIT, REPLICA_DIVERGES
     */
    TablePlan build(Connection connection, Relation relation) throws SQLException {
        TableName name = target(relation);
        if (creates()) {
            createTable(connection, relation, name);
        }
        TargetTable target = TargetTable.read(connection, name);
        if (target == null) {
            throw missing(name, table == null);
        }
        List<Field> fields = new ArrayList<>();
        for (MappedColumn mapped : columns != null ? columns : sameColumns(relation)) {
            TargetTable.TargetColumn column = target.column(mapped.target());
            if (!column.generated()) {
                fields.add(field(mapped, column, relation));
            }
        }
        warnings.check(connection, relation, target, fields);
        int[] keyFields = keyFields(relation, target, fields);
        boolean sourceHasKey = key != null || relation.recordIdColumns() != null;
        if (sourceHasKey) {
            target.requireUnique(Arrays.stream(keyFields)
                    .mapToObj(i -> fields.get(i).column())
                    .toList());
        }
        if (keyFields.length > 0) {
            requireUpdatable(target, fields, keyFields);
        }
        String newer = newerBy;
        if (newer != null && fields.stream().noneMatch(f -> f.column().equals(newer))) {
            throw target.misfit(
                    "is not written in column " + newer + ", which newer_by names", "Name a column that is written.");
        }
        if (deletedColumn != null) {
            String cast = target.column(deletedColumn).cast();
            fields.add(new Field(deletedColumn, cast, null, MappedColumn.Write.REPLACE, -1, NONE, null, false));
        }
        for (String own : new @Nullable String[] {versionColumn, syncedColumn}) {
            if (own != null) {
                target.column(own);
            }
        }
        TablePlan plan = new TablePlan(relation, number, target, fields, keyFields, !sourceHasKey);
        for (int i = 0; i < fields.size(); i++) {
            requireMergeable(target, fields.get(i), keyFields.length == 0 || plan.isKey(i));
        }
        return plan;
    }

    private static void requireMergeable(TargetTable target, Field field, boolean isKey) {
        if (field.write() == MappedColumn.Write.REPLACE) {
            return;
        }
        if (isKey) {
            throw target.misfit(
                    "has no key beside column " + field.column() + ", by which ||= and ?= find the row",
                    "Write key, with other columns, or write = for " + field.column() + ".");
        }
        String type = target.column(field.column()).cast();
        if (field.merges() && !type.equals("jsonb") && !type.equals("json")) {
            throw target.misfit(
                    "has column " + field.column() + " of type " + type + ", but ||= merges JSON objects",
                    "Give it the type jsonb, or write = for it.");
        }
    }

    private static void requireUpdatable(TargetTable target, List<Field> fields, int[] keyFields) {
        for (int i = 0; i < fields.size(); i++) {
            int field = i;
            String column = fields.get(i).column();
            if (target.column(column).alwaysIdentity()
                    && Arrays.stream(keyFields).noneMatch(k -> k == field)) {
                throw target.misfit(
                        "has column " + column + " GENERATED ALWAYS AS IDENTITY, which no update can set",
                        "ALTER TABLE " + target.name() + " ALTER " + column + " SET GENERATED BY DEFAULT.");
            }
        }
    }

    static SinkException missing(TableName name, boolean mayBeMade) {
        return new SinkException(
                ErrorCode.TARGET_MISSING,
                "table " + name + " does not exist in the target. Create it"
                        + (mayBeMade
                                ? ", or write create: true."
                                : ": create: true makes no table that the setting table names."));
    }

    private static List<MappedColumn> sameColumns(Relation relation) {
        return relation.columns().stream().map(c -> MappedColumn.same(c.name())).toList();
    }

    private static Field field(MappedColumn mapped, TargetTable.TargetColumn column, Relation relation) {
        int source = mapped.readsColumn() ? sourceColumn(relation, mapped) : -1;
        String constant = switch (mapped.kind()) {
            case CONSTANT -> mapped.source();
            case TABLE -> relation.name();
            default -> NONE;
        };
        boolean jsonb = source >= 0
                && relation.columns().get(source).type().withoutDomains().name().equals("jsonb");
        return new Field(
                mapped.target(), column.cast(), mapped.kind(), mapped.write(), source, constant, mapped.path(), jsonb);
    }

    private static int sourceColumn(Relation relation, MappedColumn mapping) {
        for (int i = 0; i < relation.columns().size(); i++) {
            if (relation.columns().get(i).name().equals(mapping.source())) {
                return i;
            }
        }
        throw new SinkException(
                ErrorCode.TARGET_MISFIT,
                "source table " + relation.qualifiedName() + " has no column " + mapping.source()
                        + ", which the setting columns names. Correct columns, or list the sink's tables under tables.");
    }

    private int[] keyFields(Relation relation, TargetTable target, List<Field> fields) {
        List<String> names = key;
        if (names != null) {
            return names.stream()
                    .mapToInt(name -> indexOf(fields, name, target))
                    .toArray();
        }
        List<Integer> sourceKey = relation.recordIdColumns();
        if (sourceKey == null) {
            return ownKeyFields(relation, target, fields);
        }
        return sourceKey.stream()
                .mapToInt(column -> {
                    for (int i = 0; i < fields.size(); i++) {
                        if (fields.get(i).isWhole(column)) {
                            return i;
                        }
                    }
                    throw target.misfit(
                            "is not written in column "
                                    + relation.columns().get(column).name() + ", a part of the key of "
                                    + relation.qualifiedName(),
                            "Add it to columns, or write key.");
                })
                .toArray();
    }

    /** Returns the fields of a key of the target, if the source has no key. Empty if the target has none: rows can only be inserted. */
    private int[] ownKeyFields(Relation relation, TargetTable target, List<Field> fields) {
        Set<String> sent = fields.stream()
                .filter(field -> field.kind() == MappedColumn.Kind.COLUMN)
                .map(Field::column)
                .collect(Collectors.toSet());
        TargetTable.UniqueKey own = target.ownKey(sent);
        if (own == null && newerBy != null) {
            throw target.misfit(
                    "has no key for rows of " + relation.qualifiedName() + ", which newer_by compares", "Write key.");
        }
        return IntStream.range(0, fields.size())
                .filter(i -> own != null && own.columns().contains(fields.get(i).column()))
                .toArray();
    }

    private static int indexOf(List<Field> fields, String column, TargetTable target) {
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.column().equals(column)) {
                boolean fixed = field.source() >= 0
                        || field.kind() == MappedColumn.Kind.CONSTANT
                        || field.kind() == MappedColumn.Kind.TABLE;
                if (!fixed) {
                    throw target.misfit(
                            "cannot have key column " + column + ": its source is unknown for a deleted row",
                            "Map it to a column or a constant.");
                }
                return i;
            }
        }
        throw target.misfit("is not written in its key column " + column, "Name columns that are written.");
    }

    private void createTable(Connection connection, Relation relation, TableName name) throws SQLException {
        TargetTable there = TargetTable.read(connection, name);
        if (there == null) {
            Ddl.createSchema(connection, name.schema());
            Ddl.createTable(
                    connection, name, createSql(new TargetTypes(connection, name.schema(), true), relation, name));
            return;
        }
        for (Column column : relation.columns()) {
            if (!there.columns().containsKey(column.name())) {
                alter(
                        connection,
                        name,
                        "ALTER TABLE " + name.sql() + " ADD COLUMN " + Quoted.identifier(column.name()) + " "
                                + new TargetTypes(connection, name.schema(), true).type(relation, column));
            }
        }
        createKey(connection, relation, there);
    }

    /** Returns the statement that creates a table for the rows of a source table. */
    static String createSql(TargetTypes types, Relation relation, TableName name) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (Column column : relation.columns()) {
            parts.add(Quoted.identifier(column.name()) + " " + types.type(relation, column));
        }
        List<Integer> keyColumns = relation.recordIdColumns();
        if (keyColumns != null) {
            parts.add("PRIMARY KEY (" + Quoted.identifiers(names(relation, keyColumns)) + ")");
        }
        return "CREATE TABLE " + name.sql() + " (" + String.join(", ", parts) + ")";
    }

    private static void alter(Connection connection, TableName name, String sql) throws SQLException {
        DeferredConstraints.Violated violated = DeferredConstraints.run(connection, List.of(name), List.of(sql));
        if (violated != null) {
            throw new SinkException(
                    ErrorCode.REPLICA_DIVERGES,
                    "table " + name + " cannot be altered within the transaction: " + violated + ". "
                            + Remedy.run(List.of(sql)));
        }
    }

    /** Adds the source's key to a table that was created before the source had one. */
    private static void createKey(Connection connection, Relation relation, TargetTable there) throws SQLException {
        List<Integer> keyColumns = relation.recordIdColumns();
        if (keyColumns == null || there.isUnique(names(relation, keyColumns))) {
            return;
        }
        List<String> columns = names(relation, keyColumns);
        String sql = "ALTER TABLE " + there.name().sql() + " ADD "
                + (there.hasPrimaryKey() ? "UNIQUE (" : "PRIMARY KEY (") + Quoted.identifiers(columns) + ")";
        try {
            alter(connection, there.name(), sql);
        } catch (SQLException e) {
            if (!TargetErrors.isRefusal(e)) {
                throw e;
            }
            throw there.misfit(
                    "has equal rows, or nulls, in " + String.join(", ", columns) + ", the key of "
                            + relation.qualifiedName(),
                    "Remove them, then: " + sql + ".");
        }
    }

    private static List<String> names(Relation relation, List<Integer> columns) {
        return columns.stream().map(i -> relation.columns().get(i).name()).toList();
    }
}
