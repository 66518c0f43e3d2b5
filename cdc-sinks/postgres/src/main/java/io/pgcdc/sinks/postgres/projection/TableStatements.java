package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Change;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.KeyedRows.Row;
import io.pgcdc.sinks.postgres.projection.KeyedRows.RowOp;
import io.pgcdc.sinks.postgres.projection.TablePlan.Field;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one plan. One statement writes many rows: it sends their values as arrays, one array per column. For one thread
 * and one connection.
 */
final class TableStatements {

    /** SQLSTATE no_data_found. */
    private static final String NO_DATA_FOUND = "P0002";

    private final Connection connection;
    private final TablePlan plan;
    private final ExtraColumns extra;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final String table;

    TableStatements(Connection connection, TablePlan plan, ExtraColumns extra) {
        this.connection = connection;
        this.plan = plan;
        this.extra = extra;
        this.table = plan.target().name().sql();
    }

    /**
     * Columns that the sink itself fills.
     *
     * @param version the column that counts the changes of a row
     * @param synced the column with the time of the write
     * @param newerBy a row is replaced only if its new value in this column is greater
     * @param orEqual true if an equal value of newerBy also replaces a row
     */
    record ExtraColumns(
            @Nullable String version,
            @Nullable String synced,
            @Nullable String newerBy,
            boolean orEqual) {}

    /** Writes all rows except deleted ones, see {@link #delete}. Inserts or upserts rows with all values, and updates the others. */
    void write(List<Row> rows) throws SQLException {
        delete(rows.stream().filter(row -> row.op() == RowOp.REPLACE).toList());
        List<Row> fresh = new ArrayList<>();
        List<Row> whole = new ArrayList<>();
        List<Row> read = new ArrayList<>();
        Map<BitSet, List<Row>> parts = new LinkedHashMap<>();
        Map<BitSet, List<Row>> inserted = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.op() == RowOp.DELETE) {
                continue;
            }
            BitSet present = present(row);
            if (present.cardinality() < plan.fields().size()) {
                (row.inserted() ? inserted : parts)
                        .computeIfAbsent(present, p -> new ArrayList<>())
                        .add(row);
            } else if (row.op() == RowOp.INSERT) {
                fresh.add(row);
            } else if (row.op() == RowOp.READ) {
                read.add(row);
            } else {
                whole.add(row);
            }
        }
        insert(fresh, Existing.REFUSE);
        insert(read, Existing.KEEP_EQUAL);
        insert(whole, Existing.UPDATE);
        for (Map.Entry<BitSet, List<Row>> part : inserted.entrySet()) {
            updateOrInsert(part.getKey(), part.getValue());
        }
        for (Map.Entry<BitSet, List<Row>> part : parts.entrySet()) {
            update(part.getKey(), part.getValue());
        }
    }

    private BitSet present(Row row) {
        BitSet present = new BitSet();
        for (int i = 0; i < plan.fields().size(); i++) {
            present.set(i, !row.values().isAbsent(i));
        }
        return present;
    }

    /** What an INSERT does with a row that exists in the target. */
    private enum Existing {
        REFUSE,
        UPDATE,
        /** Updates the row unless it is equal. */
        KEEP_EQUAL
    }

    private void insert(List<Row> rows, Existing existing) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        int[] all = IntStream.range(0, plan.fields().size()).toArray();
        PreparedStatement statement = prepare(insertSql(all, existing));
        bind(statement, all, rows);
        execute(statement);
    }

    private String insertSql(int[] all, Existing existing) {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> sets = new ArrayList<>();
        List<String> differs = new ArrayList<>();
        for (int i : all) {
            Field field = plan.fields().get(i);
            String column = Quoted.identifier(field.column());
            columns.add(column);
            values.add(value(i, field));
            if (!plan.isKey(i)) {
                sets.add(column + " = " + written(field, "excluded." + column));
                // as text, because some types cannot be compared
                differs.add("t." + column + "::text IS DISTINCT FROM excluded." + column + "::text");
            }
        }
        addExtra(columns, values);
        String version = extra.version();
        if (version != null) {
            String column = Quoted.identifier(version);
            sets.add(column + " = coalesce(t." + column + ", 0) + excluded." + column);
        }
        String synced = extra.synced();
        if (synced != null) {
            sets.add(Quoted.identifier(synced) + " = statement_timestamp()");
        }
        String newerBy = extra.newerBy();
        String keyColumns = IntStream.of(plan.key())
                .mapToObj(i -> Quoted.identifier(plan.fields().get(i).column()))
                .collect(Collectors.joining(", "));
        String select = "SELECT " + (newerBy == null ? "" : "DISTINCT ON (" + keyPlaces() + ") ")
                + String.join(", ", values) + " FROM " + unnest(all)
                + (newerBy == null
                        ? ""
                        : " ORDER BY " + keyPlaces() + ", " + (fieldOf(newerBy) + 1) + " DESC NULLS LAST, u.place"
                                + (extra.orEqual() ? " DESC" : ""));
        String insert =
                "INSERT INTO " + table + " AS t (" + String.join(", ", columns) + ") OVERRIDING SYSTEM VALUE " + select;
        if (existing == Existing.REFUSE) {
            return insert;
        }
        String onConflict = insert + " ON CONFLICT (" + keyColumns + ") DO ";
        if (sets.isEmpty() || (existing == Existing.KEEP_EQUAL && differs.isEmpty())) {
            return onConflict + "NOTHING";
        }
        String update = onConflict + "UPDATE SET " + String.join(", ", sets);
        if (existing == Existing.KEEP_EQUAL) {
            return update + " WHERE " + String.join(" OR ", differs);
        }
        return newerBy == null ? update : update + " WHERE " + isNewer("excluded." + Quoted.identifier(newerBy));
    }

    /** Returns the SQL condition that the value replaces the row's newer_by in the target, or that this is null. */
    private String isNewer(String value) {
        String there = "t." + Quoted.identifier(java.util.Objects.requireNonNull(extra.newerBy()));
        return "(" + there + " IS NULL OR " + value + (extra.orEqual() ? " >= " : " > ") + there + ")";
    }

    /** Returns AND and the condition of {@link #isNewer} for an UPDATE from u. Empty if u has no value of newer_by. */
    private String isNewerUpdate(int[] fields) {
        String newerBy = extra.newerBy();
        int field = newerBy == null ? -1 : fieldOf(newerBy);
        return IntStream.of(fields).anyMatch(f -> f == field)
                ? " AND " + isNewer(cast(field, plan.fields().get(field)))
                : "";
    }

    /** Returns the places of the key's columns in the SELECT list, counted from 1. */
    private String keyPlaces() {
        return IntStream.of(plan.key()).mapToObj(i -> String.valueOf(i + 1)).collect(Collectors.joining(", "));
    }

    private int fieldOf(String column) {
        return IntStream.range(0, plan.fields().size())
                .filter(i -> plan.fields().get(i).column().equals(column))
                .findFirst()
                .orElseThrow();
    }

    private static String cast(int i, Field field) {
        return field.converted("u.c" + i);
    }

    private static String unnest(int[] fields) {
        String parameters =
                IntStream.of(fields).mapToObj(i -> "?::text[], ").collect(Collectors.joining()) + "?::text[]";
        String names = IntStream.of(fields).mapToObj(i -> "c" + i + ", ").collect(Collectors.joining()) + "n";
        return "unnest(" + parameters + ") WITH ORDINALITY AS u (" + names + ", place)";
    }

    /** Returns the SQL of a new row's value. */
    private static String value(int i, Field field) {
        return field.merges() ? "coalesce(" + cast(i, field) + ", '{}'::" + field.cast() + ")" : cast(i, field);
    }

    /** Returns the SQL of the value that row t gets, given the new one. */
    private static String written(Field field, String value) {
        return field.merges()
                ? "(coalesce(t." + Quoted.identifier(field.column()) + "::jsonb, '{}') || coalesce(" + value
                        + "::jsonb, '{}'))::" + field.cast()
                : value;
    }

    /** Updates rows of which a part is left as it is, and inserts those that the target lacks. */
    private void updateOrInsert(BitSet present, List<Row> rows) throws SQLException {
        int[] fields = present.stream().toArray();
        String sets = sets(withoutKey(present), "u.n::int");
        if (!sets.isEmpty()) {
            PreparedStatement update = prepare("UPDATE " + table + " AS t SET " + sets + " FROM " + unnest(fields)
                    + " WHERE " + keyMatches() + isNewerUpdate(fields));
            bind(update, fields, rows);
            if (execute(update) == rows.size()) {
                return;
            }
        }
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i : fields) {
            Field field = plan.fields().get(i);
            columns.add(Quoted.identifier(field.column()));
            values.add(value(i, field));
        }
        addExtra(columns, values);
        PreparedStatement insert = prepare("INSERT INTO " + table + " (" + String.join(", ", columns)
                + ") OVERRIDING SYSTEM VALUE SELECT " + String.join(", ", values) + " FROM " + unnest(fields)
                + " WHERE NOT EXISTS (SELECT FROM " + table + " AS t WHERE " + keyMatches() + ")");
        bind(insert, fields, rows);
        execute(insert);
    }

    private int[] withoutKey(BitSet present) {
        return present.stream().filter(field -> !plan.isKey(field)).toArray();
    }

    /** Adds the columns that the sink itself fills, and their values in a new row. */
    private void addExtra(List<String> columns, List<String> values) {
        String version = extra.version();
        if (version != null) {
            columns.add(Quoted.identifier(version));
            values.add("u.n::int");
        }
        String synced = extra.synced();
        if (synced != null) {
            columns.add(Quoted.identifier(synced));
            values.add("statement_timestamp()");
        }
    }

    /** Updates existing rows. Throws {@link #NO_DATA_FOUND} if the target lacks a row, unless it may be missing or newer_by is set. */
    private void update(BitSet present, List<Row> rows) throws SQLException {
        int[] fields = present.stream().toArray();
        String sets = sets(withoutKey(present), "u.n::int");
        if (sets.isEmpty()) {
            return;
        }
        String sql = "UPDATE " + table + " AS t SET " + sets + " FROM " + unnest(fields) + " WHERE " + keyMatches()
                + isNewerUpdate(fields);
        for (boolean mayBeMissing : new boolean[] {false, true}) {
            List<Row> some =
                    rows.stream().filter(r -> r.mayBeMissing() == mayBeMissing).toList();
            if (!some.isEmpty()) {
                PreparedStatement statement = prepare(sql);
                bind(statement, fields, some);
                if (execute(statement) < some.size() && !mayBeMissing && extra.newerBy() == null) {
                    throw missing();
                }
            }
        }
    }

    static SQLException missing() {
        return new SQLException("the target lacks a row of which only a part was sent", NO_DATA_FOUND);
    }

    String sets(int[] fields, String changes) {
        List<String> sets = new ArrayList<>();
        for (int i : fields) {
            Field field = plan.fields().get(i);
            sets.add(Quoted.identifier(field.column()) + " = " + written(field, cast(i, field)));
        }
        String version = extra.version();
        if (version != null) {
            String column = Quoted.identifier(version);
            sets.add(column + " = coalesce(t." + column + ", 0) + " + changes);
        }
        String synced = extra.synced();
        if (synced != null) {
            sets.add(Quoted.identifier(synced) + " = statement_timestamp()");
        }
        return String.join(", ", sets);
    }

    private String keyMatches() {
        return IntStream.of(plan.key())
                .mapToObj(i -> {
                    Field field = plan.fields().get(i);
                    return "t." + Quoted.identifier(field.column()) + " = " + cast(i, field);
                })
                .collect(Collectors.joining(" AND "));
    }

    void delete(List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        PreparedStatement statement =
                prepare("DELETE FROM " + table + " AS t USING " + unnest(plan.key()) + " WHERE " + keyMatches());
        bindKeys(statement, rows);
        execute(statement);
    }

    /** Adds the rows' keys to a table of keys. */
    void keep(TableName keys, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String values = IntStream.of(plan.key())
                .mapToObj(i -> cast(i, plan.fields().get(i)))
                .collect(Collectors.joining(", "));
        PreparedStatement statement = prepare("INSERT INTO " + keys.sql() + " SELECT " + values + " FROM "
                + unnest(plan.key()) + " ON CONFLICT DO NOTHING");
        bindKeys(statement, rows);
        execute(statement);
    }

    /** Deletes the rows of t that meet a condition. Returns their number. */
    int deleteWhere(String condition) throws SQLException {
        return execute(prepare("DELETE FROM " + table + " AS t WHERE " + condition));
    }

    /**
     * Marks the rows of t as deleted that meet a condition and are not marked. Returns their number.
     *
     * @param change the time of its commit may be the mark
     */
    int markDeletedWhere(String condition, Change change) throws SQLException {
        for (Field field : plan.fields()) {
            if (field.kind() == null) {
                String version = extra.version();
                String synced = extra.synced();
                PreparedStatement statement = prepare("UPDATE " + table + " AS t SET "
                        + Quoted.identifier(field.column()) + " = " + field.converted("?::text")
                        + (version == null
                                ? ""
                                : ", " + Quoted.identifier(version) + " = coalesce(t." + Quoted.identifier(version)
                                        + ", 0) + 1")
                        + (synced == null ? "" : ", " + Quoted.identifier(synced) + " = statement_timestamp()")
                        + " WHERE NOT coalesce((true" + plan.isDeleted() + "), false) AND " + condition);
                statement.setString(1, new String(plan.deleted(field, change), StandardCharsets.UTF_8));
                return execute(statement);
            }
        }
        throw new IllegalStateException("the plan has no column for deleted rows");
    }

    private void bindKeys(PreparedStatement statement, List<Row> rows) throws SQLException {
        int parameter = 1;
        for (int i = 0; i < plan.key().length; i++) {
            TextArray array = new TextArray();
            for (Row row : rows) {
                array.add(row.key()[i], 0, row.key()[i].length);
            }
            statement.setObject(parameter++, array);
        }
        statement.setObject(parameter, counts(rows));
    }

    /** Runs the statement, then clears its parameters, so that it keeps no values. Returns the number of written rows. */
    static int execute(PreparedStatement statement) throws SQLException {
        try {
            return statement.executeUpdate();
        } finally {
            statement.clearParameters();
        }
    }

    private static void bind(PreparedStatement statement, int[] fields, List<Row> rows) throws SQLException {
        int parameter = 1;
        for (int field : fields) {
            TextArray array = new TextArray();
            for (Row row : rows) {
                add(array, row.values().get(field));
            }
            statement.setObject(parameter++, array);
        }
        statement.setObject(parameter, counts(rows));
    }

    private static void add(TextArray array, byte @Nullable [] value) {
        if (value == null) {
            array.addNull();
        } else {
            array.add(value, 0, value.length);
        }
    }

    private static TextArray counts(List<Row> rows) {
        TextArray counts = new TextArray();
        rows.forEach(row -> counts.addAscii(Integer.toString(row.changes())));
        return counts;
    }

    /**
     * Changes a row's key and its other changed values.
     *
     * @return false if the row does not exist
     */
    boolean changeKey(byte[][] oldKey, Row row) throws SQLException {
        int[] fields = present(row).stream().toArray();
        PreparedStatement statement = prepare("UPDATE " + table + " AS t SET " + sets(fields, "1") + " FROM "
                + unnest(fields) + ", " + oldKeyRow() + " WHERE " + oldKeyMatches() + isNewerUpdate(fields));
        bind(statement, fields, List.of(row));
        bindOldKey(statement, fields.length + 2, oldKey);
        return execute(statement) > 0;
    }

    private String oldKeyRow() {
        String olds = IntStream.of(plan.key()).mapToObj(i -> "?::text").collect(Collectors.joining(", "));
        String names = IntStream.of(plan.key()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        return "(SELECT " + olds + ") AS o (" + names + ")";
    }

    private String oldKeyMatches() {
        return IntStream.of(plan.key())
                .mapToObj(i -> {
                    Field field = plan.fields().get(i);
                    return "t." + Quoted.identifier(field.column()) + " = " + field.converted("o.k" + i);
                })
                .collect(Collectors.joining(" AND "));
    }

    private static void bindOldKey(PreparedStatement statement, int first, byte[][] oldKey) throws SQLException {
        int parameter = first;
        for (byte[] value : oldKey) {
            statement.setString(parameter++, new String(value, StandardCharsets.UTF_8));
        }
    }

    /**
     * Deletes the rows that already have the new key of {@code row}, because they would block its change of key. Keeps the row itself,
     * which has the new key already if its old key is equal in another text.
     *
     * @param condition {@link TablePlan#isDeleted}, so that only rows marked as deleted are deleted; empty for all
     */
    void clearWay(byte[][] oldKey, Row row, String condition) throws SQLException {
        PreparedStatement statement = prepare("DELETE FROM " + table + " AS t USING " + unnest(plan.key()) + ", "
                + oldKeyRow() + " WHERE " + keyMatches() + " AND NOT (" + oldKeyMatches() + ")" + condition);
        bindKeys(statement, List.of(row));
        bindOldKey(statement, plan.key().length + 2, oldKey);
        execute(statement);
    }

    /** Returns the condition that a row with the old key exists, for {@link #clearWay}. */
    String oldRowExists() {
        return " AND EXISTS (SELECT FROM " + table + " AS t WHERE " + oldKeyMatches() + ")";
    }

    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    void close() {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                return; // the connection is lost, and its statements with it
            }
        }
    }
}
