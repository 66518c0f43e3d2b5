package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.LayoutChange.Kind;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import io.pgcdc.sinks.postgres.transaction.DeferredConstraints;
import io.pgcdc.sinks.postgres.transaction.LongStatements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alters a table of the target like its source table, or returns the remedy for a person. For one thread. */
final class TargetDdl {

    private static final Logger LOG = LoggerFactory.getLogger(TargetDdl.class);

    private static final String NOT_OWNER = "42501";

    /** SQLSTATEs if a view, a rule, a policy or a partition key depends on the column's type, or if the role may not change it. */
    private static final Set<String> FIXED_TYPE = Set.of("0A000", "2BP01", "42P16", NOT_OWNER);

    private final String sink;
    private final boolean sameColumns;
    private final boolean allowed;

    /**
     * Creates it.
     *
     * @param sameColumns true if columns of the target have the source's names; else the settings map them
     * @param allowed true if tables may be altered
     */
    TargetDdl(String sink, boolean sameColumns, boolean allowed) {
        this.sink = sink;
        this.sameColumns = sameColumns;
        this.allowed = allowed;
    }

    /**
     * The result of {@link #move}.
     *
     * @param undone the remedy, if a person must act first; else null
     * @param other the new layout of another table that was moved aside; else null
     */
    record Moved(@Nullable String undone, @Nullable KnownLayout other) {}

    private static final Moved NOTHING = new Moved(null, null);

    /**
     * Renames the target table like its source table. If another table of the sink has the new name, renames that one first, see
     * {@link KnownLayout#movedAside}. The next row of that table renames it again.
     *
     * @param known the layouts of all tables of the sink
     * @param storing returns the statement with which a person stores the target table of a layout
     */
    Moved move(
            Connection connection,
            KnownLayout before,
            KnownLayout now,
            Collection<KnownLayout> known,
            Function<KnownLayout, String> storing,
            Remedy remedy)
            throws SQLException {
        TableName from = before.target();
        TableName to = now.target();
        if (from.equals(to) || !Ddl.exists(connection, from)) {
            return NOTHING; // a table that does not exist has its new name already, or is reported as missing
        }
        boolean taken = Ddl.exists(connection, to);
        String what = "source table " + before.source() + " is now called " + now.source() + ", and its rows ";
        KnownLayout newOwner = owner(known, now.relation(), from);
        if (newOwner != null) {
            return taken
                    ? NOTHING
                    : new Moved(
                            what + "were in " + from + ", which now has those of " + newOwner.source()
                                    + ". If they are in another table of the target, rename that table to " + to.sql()
                                    + " and start again. Otherwise send them again. " + remedy.overwritten(List.of()),
                            null);
        }
        KnownLayout owner = taken ? owner(known, now.relation(), to) : null;
        KnownLayout aside = owner == null ? null : owner.movedAside();
        List<String> sql = new ArrayList<>();
        if (aside != null) {
            sql.add("ALTER TABLE " + to.sql() + " RENAME TO "
                    + Quoted.identifier(aside.target().name()));
        }
        if (!from.schema().equals(to.schema())) {
            sql.add("CREATE SCHEMA IF NOT EXISTS " + Quoted.identifier(to.schema()));
            sql.add("ALTER TABLE " + from.sql() + " SET SCHEMA " + Quoted.identifier(to.schema()));
        }
        if (!from.name().equals(to.name())) {
            sql.add("ALTER TABLE " + new TableName(to.schema(), from.name()).sql() + " RENAME TO "
                    + Quoted.identifier(to.name()));
        }
        if (allowed && (!taken || aside != null)) {
            String undone = run(connection, from, sql);
            if (undone != null) {
                return new Moved(undone, null);
            }
            LOG.info("sink {}: renamed {} to {}, as at the source", sink, from, to);
            if (aside != null) {
                LOG.warn(
                        "sink {}: renamed {} in the target to {} until one of its rows arrives under a new name. If that"
                                + " table was dropped at the source: DROP TABLE {};",
                        sink,
                        to,
                        aside.target(),
                        aside.target().sql());
            }
            return new Moved(null, aside);
        }
        if (aside != null) {
            sql.add(storing.apply(aside));
        } else if (taken) {
            sql.add(0, "DROP TABLE " + to.sql());
        }
        sql.removeIf(String::isEmpty);
        return new Moved(
                what + "are in " + from
                        + (taken ? "; the target already has a table " + to : "")
                        + (aside == null ? "" : ", which has rows of " + aside.source())
                        + ". " + Remedy.run(sql),
                null);
    }

    /**
     * Renames the target table of a table that shares its name now. If the new name is taken, a person must move the rows into that
     * table: no other table is moved aside, because rows of other tables of that name belong there.
     */
    Moved merge(Connection connection, KnownLayout before, KnownLayout now, Remedy remedy) throws SQLException {
        TableName from = before.target();
        TableName to = now.target();
        if (from.equals(to) || !Ddl.exists(connection, from) || !Ddl.exists(connection, to)) {
            return move(connection, before, now, List.of(), other -> "", remedy);
        }
        String columns = Quoted.identifiers(
                before.columns().stream().map(KnownLayout.KnownColumn::name).toList());
        return new Moved(
                "source table " + before.source() + " is now called " + now.source() + ", and its rows are in " + from
                        + ". "
                        + Remedy.run(List.of(
                                "INSERT INTO " + to.sql() + " (" + columns + ") SELECT " + columns + " FROM "
                                        + from.sql(),
                                "DROP TABLE " + from.sql())),
                null);
    }

    /** Returns the layout of another source table whose rows are in the target table, or null. */
    private static @Nullable KnownLayout owner(Collection<KnownLayout> known, int relation, TableName target) {
        return known.stream()
                .filter(other -> other.relation() != relation && other.target().equals(target))
                .findFirst()
                .orElse(null);
    }

    /**
     * Alters the columns of the target like those of the source.
     *
     * @return the remedy, if a person must act first; else null
     */
    @Nullable
    String alter(Connection connection, Relation relation, KnownLayout now, List<LayoutChange> changes, Remedy remedy)
            throws SQLException {
        TargetTable found = TargetTable.read(connection, now.target());
        if (found == null || changes.isEmpty()) {
            return null; // the table will be created, or is missing
        }
        List<LayoutChange> lost = changes.stream()
                .filter(change -> change.kind().losesValues()
                        || (!sameColumns && change.kind() == Kind.ADDED && change.detail() != null))
                .toList();
        if (!lost.isEmpty()) {
            return lost(connection, relation, found, lost, changes, remedy);
        }
        if (!sameColumns) {
            changes.forEach(change -> warn(now, found, change, remedy));
            return null;
        }
        String undone = rename(connection, relation, found, changes, remedy);
        TargetTable target = TargetTable.read(connection, now.target());
        if (target == null) {
            throw new IllegalStateException(now.target() + " is gone");
        }
        for (LayoutChange change : changes) {
            if (undone == null && change.kind() == Kind.ADDED) {
                undone = add(connection, relation, target, change, remedy);
            } else if (undone == null && change.kind() == Kind.WIDENED) {
                widen(connection, relation, target, change);
            } else if (undone == null) {
                warn(now, target, change, remedy);
            }
        }
        return undone;
    }

    private String lost(
            Connection connection,
            Relation relation,
            TargetTable target,
            List<LayoutChange> lost,
            List<LayoutChange> changes,
            Remedy remedy)
            throws SQLException {
        List<String> sql = new ArrayList<>(sameColumns ? renames(target, changes) : List.of());
        for (LayoutChange change : changes) {
            if (!sameColumns || change.kind() == Kind.GONE) {
                continue;
            }
            Column column = column(relation, change.column());
            boolean there = target.columns().containsKey(column.name());
            if (!allowed && !there && change.kind() != Kind.RENAMED) {
                sql.add("ALTER TABLE " + target.name().sql() + " ADD COLUMN " + Quoted.identifier(column.name()) + " "
                        + types(connection, target).type(relation, column));
            } else if (change.kind() == Kind.RETYPED) {
                String type = types(connection, target).type(relation, column);
                sql.add("ALTER TABLE " + target.name().sql() + " ALTER COLUMN " + Quoted.identifier(column.name())
                        + " TYPE " + type + " USING " + Quoted.identifier(column.name()) + "::text::" + type);
            }
        }
        return "source table " + relation.qualifiedName() + " was altered, and rows have values that were not sent, in "
                + lost.stream().map(TargetDdl::describe).collect(Collectors.joining(", ")) + ". "
                + (ofKey(relation, lost) ? remedy.emptied(List.of(target.name()), sql) : remedy.overwritten(sql));
    }

    /** Returns true if a key column lost values. Keys of rows may differ then, so it is not enough to overwrite rows. */
    private static boolean ofKey(Relation relation, List<LayoutChange> lost) {
        List<Integer> key = relation.recordIdColumns();
        return key != null
                && lost.stream()
                        .anyMatch(change -> key.stream()
                                .anyMatch(i -> relation.columns().get(i).name().equals(change.column())));
    }

    private static String describe(LayoutChange change) {
        return change.column()
                + switch (change.kind()) {
                    case RETYPED -> " (another type)";
                    case REWRITTEN -> " (altered, and the table rewritten)";
                    case FILLED, ADDED -> " (filled when it was added, or not sent before)";
                    default -> " (added or renamed, then altered again before it was read)";
                };
    }

    private static Column column(Relation relation, String name) {
        return relation.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the SQL that renames columns. Uses temporary names if one column's new name is another column's old name. */
    private static List<String> renames(TargetTable target, List<LayoutChange> changes) {
        List<LayoutChange> renamed = changes.stream()
                .filter(change -> change.kind() == Kind.RENAMED)
                .filter(change -> target.columns().containsKey(String.valueOf(change.detail())))
                .toList();
        Set<String> old =
                renamed.stream().map(change -> String.valueOf(change.detail())).collect(Collectors.toSet());
        boolean twice = renamed.stream().anyMatch(change -> old.contains(change.column()));
        String alter = "ALTER TABLE " + target.name().sql() + " RENAME COLUMN ";
        List<String> sql = new ArrayList<>();
        for (int i = 0; i < renamed.size(); i++) {
            LayoutChange change = renamed.get(i);
            sql.add(alter + Quoted.identifier(String.valueOf(change.detail())) + " TO "
                    + Quoted.identifier(twice ? "pgcdc_renamed_" + i : change.column()));
        }
        for (int i = 0; twice && i < renamed.size(); i++) {
            sql.add(alter + Quoted.identifier("pgcdc_renamed_" + i) + " TO "
                    + Quoted.identifier(renamed.get(i).column()));
        }
        return sql;
    }

    private @Nullable String rename(
            Connection connection, Relation relation, TargetTable target, List<LayoutChange> changes, Remedy remedy)
            throws SQLException {
        List<String> sql = new ArrayList<>(renames(target, changes));
        if (sql.isEmpty()) {
            return null;
        }
        Set<String> olds = new HashSet<>();
        changes.stream()
                .filter(change -> change.kind() == Kind.RENAMED)
                .forEach(change -> olds.add(String.valueOf(change.detail())));
        List<String> taken = changes.stream()
                .filter(change -> change.kind() == Kind.RENAMED && !olds.contains(change.column()))
                .map(LayoutChange::column)
                .filter(target.columns()::containsKey)
                .toList();
        if (allowed && taken.isEmpty()) {
            String undone = run(connection, target.name(), sql);
            if (undone == null) {
                LOG.info("sink {}: renamed columns of {}, as at the source", sink, target.name());
            }
            return undone;
        }
        // if another column has the old name now, the target does not show that a person ran the statements
        boolean reused = relation.columns().stream().anyMatch(column -> olds.contains(column.name()));
        for (LayoutChange change : changes) {
            if (reused && change.kind() == Kind.ADDED && olds.contains(change.column())) {
                sql.add(addSql(connection, relation, target, change));
            }
        }
        for (String column : taken) {
            sql.add(0, "ALTER TABLE " + target.name().sql() + " DROP COLUMN " + Quoted.identifier(column));
        }
        return "columns were renamed at the source, but table " + target.name()
                + " of the target has them under their old names: "
                + changes.stream()
                        .filter(change -> change.kind() == Kind.RENAMED)
                        .map(change -> change.detail() + " is now " + change.column())
                        .collect(Collectors.joining(", "))
                + ". " + (reused ? remedy.runAndSay(sql) : Remedy.run(sql));
    }

    private @Nullable String add(
            Connection connection, Relation relation, TargetTable target, LayoutChange change, Remedy remedy)
            throws SQLException {
        Column column = column(relation, change.column());
        String name = Quoted.identifier(column.name());
        String alter = "ALTER TABLE " + target.name().sql();
        String old = change.detail() == null ? "NULL" : Quoted.literal(change.detail());
        Map<String, TargetTable.TargetColumn> there = target.columns();
        if (!there.containsKey(column.name())) {
            String add = addSql(connection, relation, target, change);
            if (!allowed) {
                return "column " + column.name() + " was added at the source, but table " + target.name()
                        + " of the target lacks it. "
                        + Remedy.run(List.of(add));
            }
            return run(
                    connection,
                    target.name(),
                    change.detail() == null
                            ? List.of(add)
                            : List.of(
                                    add,
                                    alter + " ALTER COLUMN " + name + " DROP DEFAULT")); // existing rows keep the value
        }
        String type = there.get(column.name()).fullType();
        if (relation.sharesName() && change.detail() == null) {
            return null; // the rows with values are of other tables of that name
        }
        String differs = relation.sharesName()
                ? name + " IS NULL"
                : name + "::text IS DISTINCT FROM (" + old + "::" + type + ")::text";
        if (there.get(column.name()).generated()
                || !LongStatements.run(
                        connection,
                        () -> Ddl.isTrue(
                                connection,
                                "SELECT EXISTS (SELECT FROM " + target.name().sql() + " WHERE " + differs + ")"))) {
            return null;
        }
        String update =
                "UPDATE " + target.name().sql() + " SET " + name + " = " + old + "::" + type + " WHERE " + differs;
        if (relation.sharesName()) {
            return "column " + column.name() + " was added to " + relation.atSource()
                    + " at the source. There, old rows have its default in it. Table " + target.name()
                    + " of the target got the column from another table of that name before, and has rows with null in it. If no"
                    + " row at the source has null: "
                    + remedy.runAndSay(List.of(update));
        }
        return "column " + column.name() + " was added at the source. There, old rows have "
                + (change.detail() == null ? "null" : "its default") + " in it. Table " + target.name()
                + " of the target already had a column of that name, with other values. "
                + Remedy.run(List.of(update));
    }

    /**
     * Gives a column the source's new type, if the target's column has the source's earlier type. If the target does not permit that, only
     * warns: a value that does not fit is refused later.
     */
    private void widen(Connection connection, Relation relation, TargetTable target, LayoutChange change)
            throws SQLException {
        String[] earlier = String.valueOf(change.detail()).split(" ", 2);
        TargetTable.TargetColumn there = target.columns().get(change.column());
        if (there == null
                || !Ddl.isTrue(
                        connection,
                        "SELECT format_type(?::oid, ?::int) = ?",
                        Integer.toUnsignedString(Integer.parseInt(earlier[0])),
                        earlier[1],
                        there.fullType())) {
            return; // a type of the target's own
        }
        String sql = "ALTER TABLE " + target.name().sql() + " ALTER COLUMN " + Quoted.identifier(change.column())
                + " TYPE " + types(connection, target).type(relation, column(relation, change.column()));
        String why = "the setting create is false";
        if (allowed) {
            Savepoint before = connection.setSavepoint();
            try {
                if (run(connection, target.name(), List.of(sql)) == null) {
                    LOG.info("sink {}: as at the source, {}", sink, sql);
                    return;
                }
                why = "a deferred constraint of it is violated within the transaction";
            } catch (SQLException e) {
                if (!FIXED_TYPE.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
                connection.rollback(before);
                why = NOT_OWNER.equals(e.getSQLState())
                        ? "the sink's role does not own the table"
                        : "a view, a rule or a policy uses it";
            }
        }
        LOG.warn(
                "sink {}: column {} of {} has a wider type at the source now, but not in the target: {}. A value that does not fit is"
                        + " refused. In the target: {};",
                sink,
                change.column(),
                relation.qualifiedName(),
                why,
                sql);
    }

    /** @return the remedy, if a deferred constraint prevents the statements; null if they were run */
    private static @Nullable String run(Connection connection, TableName table, List<String> sql) throws SQLException {
        DeferredConstraints.Violated violated = DeferredConstraints.run(connection, List.of(table), sql);
        return violated == null
                ? null
                : "table " + table + " cannot be altered within the transaction: " + violated + ". " + Remedy.run(sql);
    }

    private TargetTypes types(Connection connection, TargetTable target) {
        return new TargetTypes(connection, target.name().schema(), allowed);
    }

    private String addSql(Connection connection, Relation relation, TargetTable target, LayoutChange change)
            throws SQLException {
        Column column = column(relation, change.column());
        return "ALTER TABLE " + target.name().sql() + " ADD COLUMN " + Quoted.identifier(column.name()) + " "
                + types(connection, target).type(relation, column)
                + (change.detail() == null ? "" : " DEFAULT " + Quoted.literal(change.detail()));
    }

    private void warn(KnownLayout now, TargetTable target, LayoutChange change, Remedy remedy) {
        if (change.kind() == Kind.GONE && sameColumns && target.columns().containsKey(change.column())) {
            LOG.warn(
                    "sink {}: {} does not send column {} any more; the target keeps it and its values. To drop it there:"
                            + " ALTER TABLE {} DROP COLUMN {};",
                    sink,
                    now.source(),
                    change.column(),
                    target.name().sql(),
                    Quoted.identifier(change.column()));
        } else if (!sameColumns && change.kind() == Kind.RENAMED) {
            LOG.warn(
                    "sink {}: column {} of {} is now called {}. Older rows of {} that hold the whole row keep its old name.",
                    sink,
                    change.detail(),
                    now.source(),
                    change.column(),
                    target.name());
        } else if (change.kind() == Kind.ADDED_PERHAPS_FILLED || change.kind() == Kind.PERHAPS_REWRITTEN) {
            LOG.warn(
                    "sink {}: column {} of {} was altered and the table rewritten since its last row arrived. VACUUM FULL,"
                            + " CLUSTER and TRUNCATE also rewrite it, and change no value. If a default that was dropped again, or"
                            + " ALTER TYPE … USING, changed values, they were not sent: {}",
                    sink,
                    change.column(),
                    now.source(),
                    remedy.overwritten(List.of()));
        }
    }
}
