package io.pgcdc.json.record;

import static java.util.stream.Collectors.joining;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.ValueEquality;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks types through real columns: puts sample values in, reads their text back, and lets the server judge our JSON and our
 * equality against its own {@code to_jsonb}.
 */
final class TypeWalk {

    /** A row of pg_type. {@code relation} is set for the row types of catalog tables. */
    record Entry(
            int oid,
            String qualifiedName,
            String name,
            String typtype,
            @Nullable String relation) {}

    private static final int MOST_SAMPLES = 18;

    private final Connection connection;
    private final Map<Integer, Entry> entries;
    private final Map<Integer, PgType> types;
    private final Map<Integer, List<String>> samples = new HashMap<>();
    final List<String> failures = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    int values;
    int pairs;

    TypeWalk(Connection connection, Map<Integer, Entry> entries, Map<Integer, PgType> types) {
        this.connection = connection;
        this.entries = entries;
        this.types = types;
    }

    void walk(Entry entry) throws SQLException {
        PgType type = type(entry);
        if (TypeSamples.WITHOUT_VALUES.contains(type.name())) {
            takesNoValue(entry);
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TEMP TABLE w (i int GENERATED ALWAYS AS IDENTITY, c " + entry.qualifiedName() + ")");
        } catch (SQLException e) {
            // a row type with a column that no user's table can have, as pg_statistic's anyarray
            if (e.getSQLState().equals("42P16") && hasPseudoType(type)) {
                refused.add(entry.qualifiedName());
            } else {
                failures.add(entry.qualifiedName() + ": no column: " + e.getMessage());
            }
            connection.rollback();
            return;
        }
        try {
            fill(entry, type);
            compare(entry, type);
        } catch (SQLException | RuntimeException e) {
            failures.add(entry.qualifiedName() + ": " + e);
        }
        connection.rollback();
    }

    private PgType type(Entry entry) {
        PgType type = types.get(entry.oid());
        if (type == null) {
            throw new IllegalStateException("not loaded: " + entry);
        }
        return type;
    }

    private void takesNoValue(Entry entry) throws SQLException {
        for (String text : List.of("", "x", "{}", "1")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT '" + text + "'::" + entry.qualifiedName());
                failures.add(entry.qualifiedName() + " takes a value after all");
            } catch (SQLException e) {
                // "cannot accept a value of type", or in the extension's words "Not implemented"
                if (!List.of("0A000", "XX000").contains(e.getSQLState())) {
                    failures.add(entry.qualifiedName() + ": " + e.getMessage());
                }
            }
            connection.rollback();
        }
    }

    private boolean hasPseudoType(PgType type) {
        PgType element = type.element();
        return !entries.containsKey(type.oid())
                || (element != null && hasPseudoType(element))
                || type.attributes().stream().anyMatch(a -> hasPseudoType(a.type()));
    }

    private void fill(Entry entry, PgType type) throws SQLException {
        insertTexts(samples(type));
        try (Statement statement = connection.createStatement()) {
            String query = TypeSamples.FROM_CATALOG.get(type.name());
            String element = type.element() == null ? "" : type.element().name();
            String elementQuery = type.kind() == PgType.Kind.ARRAY ? TypeSamples.FROM_CATALOG.get(element) : null;
            int rows = 1;
            if (query != null) {
                rows = statement.executeUpdate("INSERT INTO w (c) " + query);
            } else if (elementQuery != null) {
                rows = statement.executeUpdate(
                        "INSERT INTO w (c) SELECT array_agg(x) FROM (" + elementQuery + ") s (x)");
            } else if (entry.relation() != null) {
                statement.executeUpdate("INSERT INTO w (c) SELECT r FROM " + entry.relation() + " r LIMIT 3");
            }
            if (rows == 0) {
                failures.add(entry.qualifiedName() + ": the catalog holds no value");
            }
        }
    }

    private void insertTexts(List<String> texts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO w (c) VALUES (?)")) {
            for (String text : texts) {
                insert.setObject(1, text, Types.OTHER); // read by the type's own input function
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Sample values of a type as text, made of those of its parts. */
    private List<String> samples(PgType type) throws SQLException {
        List<String> known = samples.get(type.oid());
        if (known == null) {
            known = make(type);
            known = known.subList(0, Math.min(known.size(), MOST_SAMPLES));
            samples.put(type.oid(), known);
        }
        return known;
    }

    private List<String> make(PgType type) throws SQLException {
        List<String> listed = TypeSamples.of(type.name());
        if (listed != null) {
            return listed;
        }
        if (TypeSamples.FROM_CATALOG.containsKey(type.name()) || TypeSamples.WITHOUT_VALUES.contains(type.name())) {
            return List.of();
        }
        PgType element = type.element();
        List<String> parts = element == null ? List.of() : samples(element);
        return switch (type.kind()) {
            case ENUM ->
                strings("SELECT enumlabel FROM pg_enum WHERE enumtypid = " + Integer.toUnsignedString(type.oid()));
            case DOMAIN -> parts;
            case ARRAY -> arrays(parts, element == null ? ',' : element.delimiter());
            case COMPOSITE -> rows(type);
            case RANGE -> ranges(type, parts);
            case MULTIRANGE -> multiranges(parts);
            case BASE, UNRESOLVED -> throw new IllegalStateException("no sample values listed for type " + type.name());
        };
    }

    private static List<String> arrays(List<String> parts, char delimiter) {
        if (parts.isEmpty()) {
            return List.of("{}", "{NULL}", "[2:3]={NULL,NULL}");
        }
        List<String> quoted = parts.stream()
                .map(p -> '"' + p.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .toList();
        String d = String.valueOf(delimiter);
        String first = quoted.get(0);
        String second = quoted.get(1 % quoted.size());
        String last = quoted.get(quoted.size() - 1);
        String pair = "{" + first + d + second + "}";
        String other = "{" + last + d + "NULL}";
        return List.of(
                "{}",
                "{NULL}",
                "{" + String.join(d, quoted) + d + "NULL}",
                pair,
                "[0:1]=" + pair,
                "[-5:-4]=" + pair,
                "{" + pair + d + other + "}",
                "[0:1][3:4]={" + pair + d + other + "}",
                "[-1:0][5:5][2:3]={{" + pair + "}" + d + "{" + other + "}}");
    }

    private List<String> rows(PgType type) throws SQLException {
        List<List<String>> columns = new ArrayList<>();
        int most = 1;
        for (PgType.Attribute attribute : type.attributes()) {
            List<String> texts = hasPseudoType(attribute.type()) ? List.of() : samples(attribute.type());
            columns.add(texts);
            most = Math.max(most, texts.size());
        }
        List<String> rows = new ArrayList<>();
        rows.add("(" + ",".repeat(Math.max(0, columns.size() - 1)) + ")");
        for (int i = 0; i < Math.min(most, 6); i++) {
            int row = i;
            rows.add(columns.stream().map(texts -> field(texts, row)).collect(joining(",", "(", ")")));
        }
        return rows;
    }

    private static String field(List<String> texts, int row) {
        if (texts.isEmpty()) {
            return "";
        }
        String text = texts.get(row % texts.size());
        return '"' + text.replace("\\", "\\\\").replace("\"", "\"\"") + '"';
    }

    private List<String> ranges(PgType type, List<String> parts) throws SQLException {
        String name = entry(type).qualifiedName();
        String subtype = entry(java.util.Objects.requireNonNull(type.element())).qualifiedName();
        // from each value to the next larger one, and unbounded on either side; the largest integer cannot be included
        try (PreparedStatement query = connection.prepareStatement("""
                WITH v AS (SELECT DISTINCT x::%2$s AS x FROM unnest(?::text[]) x)
                SELECT r::text FROM (
                    SELECT %1$s(x, lead(x) OVER w, CASE WHEN lead(x, 2) OVER w IS NULL THEN '[)' ELSE '[]' END) AS r
                    FROM v WINDOW w AS (ORDER BY x)
                    UNION ALL SELECT %1$s(NULL, x, '()') FROM v
                    UNION ALL SELECT 'empty') s""".formatted(name, subtype))) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", parts.stream().filter(p -> p.length() < 100).toArray()));
            return strings(query);
        }
    }

    private Entry entry(PgType type) {
        Entry entry = entries.get(type.oid());
        if (entry == null) {
            throw new IllegalStateException("not a type that a column can have: " + type.name());
        }
        return entry;
    }

    private static List<String> multiranges(List<String> ranges) {
        List<String> result = new ArrayList<>();
        result.add("{}");
        result.add("{" + String.join(",", ranges) + "}");
        ranges.forEach(r -> result.add("{" + r + "}"));
        return result;
    }

    private List<String> strings(String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            return strings(query);
        }
    }

    private static List<String> strings(PreparedStatement query) throws SQLException {
        List<String> result = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                result.add(rows.getString(1));
            }
        }
        return result;
    }

    private void compare(Entry entry, PgType type) throws SQLException {
        List<String> texts = strings("SELECT format('%s', c) FROM w ORDER BY i");
        if (texts.isEmpty()) {
            failures.add(entry.qualifiedName() + ": no value was tried");
        }
        List<Column> column = List.of(new Column("c", type, -1, false));
        RowEncoder encoder =
                new RowEncoder(new Relation(1, 1, "s", "t", ReplicaIdentity.DEFAULT, column, null, List.of()));
        JsonBuffer out = new JsonBuffer();
        List<String> jsons = new ArrayList<>();
        for (String text : texts) {
            out.clear();
            encoder.append(new OneValue(text), out);
            jsons.add(out.toString());
        }
        compareJson(entry, texts, jsons);
        compareEquality(entry, type, texts);
    }

    private void compareJson(Entry entry, List<String> texts, List<String> jsons) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT to_jsonb(r) = j.v::jsonb, left(to_jsonb(r)::text, 300), j.n
                FROM (SELECT c, row_number() OVER (ORDER BY i) AS n FROM w) w
                CROSS JOIN LATERAL (SELECT w.c) r
                JOIN unnest(?::text[]) WITH ORDINALITY j (v, n) ON j.n = w.n""")) {
            query.setArray(1, connection.createArrayOf("text", jsons.toArray()));
            int judged = 0;
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    judged++;
                    if (!rows.getBoolean(1)) {
                        int n = rows.getInt(3) - 1;
                        failures.add(entry.qualifiedName() + ": text " + texts.get(n) + " became " + jsons.get(n)
                                + ", not " + rows.getString(2));
                    }
                }
            }
            if (judged != texts.size()) {
                failures.add(entry.qualifiedName() + ": " + judged + " of " + texts.size() + " values were judged");
            }
            values += judged;
        }
    }

    private void compareEquality(Entry entry, PgType type, List<String> texts) throws SQLException {
        ValueEquality equality = ValueEquality.of(type);
        try (PreparedStatement query = connection.prepareStatement("""
                WITH v AS (SELECT to_jsonb(r) AS j, row_number() OVER (ORDER BY i) AS n
                           FROM w CROSS JOIN LATERAL (SELECT w.c) r)
                SELECT a.n, b.n, a.j = b.j FROM v a JOIN v b ON a.n < b.n""");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                byte[] a = texts.get(rows.getInt(1) - 1).getBytes(StandardCharsets.UTF_8);
                byte[] b = texts.get(rows.getInt(2) - 1).getBytes(StandardCharsets.UTF_8);
                if (equality.equal(a, 0, a.length, b, 0, b.length) != rows.getBoolean(3)) {
                    failures.add(entry.qualifiedName() + ": equality of " + texts.get(rows.getInt(1) - 1) + " and "
                            + texts.get(rows.getInt(2) - 1) + " is " + rows.getBoolean(3));
                }
                pairs++;
            }
        }
    }

    /** A row of one column that is not null. */
    private static final class OneValue implements RowView {
        private final byte[] text;

        OneValue(String text) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public ValueState state(int column) {
            return ValueState.TEXT;
        }

        @Override
        public byte[] buffer(int column) {
            return text;
        }

        @Override
        public int offset(int column) {
            return 0;
        }

        @Override
        public int length(int column) {
            return text.length;
        }
    }
}
