package io.pgcdc.sinks.kafka.readers;

import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.formats.json.debezium.DebeziumJsonFormatFactory;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.runtime.connector.source.ScanRuntimeProviderContext;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;
import org.postgresql.util.PGobject;

/** A table of Flink's over a topic with {@code 'format' = 'debezium-json'}: an {@code id}, the columns, and the source's table as metadata. */
final class FlinkTable {

    static final String SOURCE_TABLE = "source.table";

    private static final List<FlinkColumn> ALWAYS = List.of(
            column("i2", "int2", Literals::smallint, DataTypes.SMALLINT(), "i2"),
            column("i4", "int4", Literals::integer, DataTypes.INT(), "i4"),
            column("i8", "int8", Literals::bigint, DataTypes.BIGINT(), "i8"),
            column("f4", "float4", Literals::real, DataTypes.FLOAT(), "f4"),
            column("f8", "float8", Literals::doublePrecision, DataTypes.DOUBLE(), "f8"),
            column("b", "boolean", Literals::bool, DataTypes.BOOLEAN(), "b"),
            column("t", "text", Literals::large, DataTypes.STRING(), "t"),
            column("c", "char(40)", Literals::text, DataTypes.STRING(), "rpad(c, 40)"),
            column("by", "bytea", Literals::bytes, DataTypes.BYTES(), "by"),
            column("tz", "timestamptz", Literals::timestamptz, DataTypes.TIMESTAMP_LTZ(6), utc("tz")),
            column("u", "uuid", Literals::uuid, DataTypes.STRING(), "u::text"),
            column("j", "jsonb", Literals::json, DataTypes.STRING(), "j::text"),
            column("e", "mood", Literals.oneOf("sad", "very happy"), DataTypes.STRING(), "e::text"),
            column("ip", "inet", Literals.oneOf("10.0.0.1", "::1"), DataTypes.STRING(), "host(ip)"),
            column("ia", "int[]", Literals.array("int", Literals::integer), DataTypes.ARRAY(DataTypes.INT()), "ia"),
            column("ta", "text[]", Literals.array("text", Literals::text), DataTypes.ARRAY(DataTypes.STRING()), "ta"),
            column(
                    "h",
                    "hstore",
                    Literals.oneOf("", "a=>1", "a=>NULL,\"b c\"=>\"d\""),
                    DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING()),
                    "h"),
            column(
                    "p",
                    "point",
                    Literals.oneOf("(1.5,-2)", "(0,1e20)"),
                    DataTypes.ROW(DataTypes.FIELD("x", DataTypes.DOUBLE()), DataTypes.FIELD("y", DataTypes.DOUBLE())),
                    "CASE WHEN p IS NOT NULL THEN ARRAY[p[0], p[1]] END"));

    /** With {@code decimal_handling_mode: string} and {@code time_precision_mode: adaptive}. */
    static final List<FlinkColumn> EXACT = with(
            column("n", "numeric(20,4)", Literals.numeric(16, 4), DataTypes.DECIMAL(20, 4), "n"),
            column("m", "numeric", Literals::anyNumeric, DataTypes.STRING(), "m::text"),
            column("d", "date", Literals::date, DataTypes.INT(), "d - date '1970-01-01'"),
            column("tm", "time", Literals::time, DataTypes.BIGINT(), "(extract(epoch FROM tm) * 1000000)::bigint"),
            column(
                    "ts",
                    "timestamp",
                    Literals::timestamp,
                    DataTypes.BIGINT(),
                    "(extract(epoch FROM ts) * 1000000)::bigint"),
            column(
                    "ts3",
                    "timestamp(3)",
                    Literals::timestamp,
                    DataTypes.BIGINT(),
                    "(extract(epoch FROM ts3) * 1000)::bigint"));

    /** With {@code decimal_handling_mode: double} and {@code time_precision_mode: isostring}. */
    static final List<FlinkColumn> HANDY = with(
            column("n", "numeric(20,4)", Literals.numeric(16, 4), DataTypes.DOUBLE(), "n::float8"),
            column("m", "numeric", Literals::anyNumeric, DataTypes.DOUBLE(), "m::float8"),
            column("d", "date", Literals::date, DataTypes.STRING(), "d || 'Z'"),
            column("ts", "timestamp", Literals::timestamp, DataTypes.TIMESTAMP_LTZ(6), utc("ts AT TIME ZONE 'UTC'")),
            column(
                    "ts3",
                    "timestamp(3)",
                    Literals::timestamp,
                    DataTypes.TIMESTAMP_LTZ(3),
                    utc("ts3 AT TIME ZONE 'UTC'")));

    private final List<FlinkColumn> columns;
    private final DeserializationSchema<RowData> decoder;
    private final DataStructureConverter<Object, Object> toRow;

    FlinkTable(List<FlinkColumn> columns, boolean schemas) {
        this.columns = columns;
        Configuration options = new Configuration();
        options.setString("schema-include", Boolean.toString(schemas));
        options.setString("timestamp-format.standard", "ISO-8601");
        DecodingFormat<DeserializationSchema<RowData>> format =
                new DebeziumJsonFormatFactory().createDecodingFormat(null, options);
        format.applyReadableMetadata(List.of(SOURCE_TABLE));
        decoder = format.createRuntimeDecoder(ScanRuntimeProviderContext.INSTANCE, row(columns));
        DataType whole = row(columns, DataTypes.FIELD(SOURCE_TABLE, DataTypes.STRING()));
        toRow = DataStructureConverters.getConverter(whole);
        toRow.open(getClass().getClassLoader());
        try {
            decoder.open(null);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param value a record's, null of a tombstone */
    List<Row> read(byte[] value) throws IOException {
        List<Row> rows = new ArrayList<>();
        decoder.deserialize(value, new Collector<>() {
            @Override
            public void collect(RowData data) {
                Row row = (Row) toRow.toExternal(data);
                row.setKind(data.getRowKind());
                rows.add(row);
            }

            @Override
            public void close() {}
        });
        return rows;
    }

    /** The id and the columns, as values that can be compared. */
    List<Object> plain(Row row) {
        List<Object> values = new ArrayList<>();
        values.add(row.getField("id"));
        columns.forEach(c -> values.add(plain(row.getField(c.column().name()))));
        return values;
    }

    /** What the source holds, in the same form. */
    Map<Object, List<Object>> rowsOf(TargetDatabase source, String table) throws SQLException {
        Map<Object, List<Object>> rows = new LinkedHashMap<>();
        String asked = columns.stream().map(FlinkColumn::asked).collect(Collectors.joining(", "));
        try (var connection = source.server().connect(source.name());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, " + asked + " FROM " + table)) {
            while (found.next()) {
                List<Object> values = new ArrayList<>();
                for (int i = 1; i <= columns.size() + 1; i++) {
                    values.add(plain(found.getObject(i)));
                }
                rows.put(values.get(0), values);
            }
        }
        return rows;
    }

    private static DataType row(List<FlinkColumn> columns, DataTypes.Field... more) {
        Stream<DataTypes.Field> fields =
                columns.stream().map(c -> DataTypes.FIELD(c.column().name(), c.flink()));
        return DataTypes.ROW(Stream.of(Stream.of(DataTypes.FIELD("id", DataTypes.INT())), fields, Arrays.stream(more))
                .flatMap(s -> s)
                .toArray(DataTypes.Field[]::new));
    }

    private static Object plain(Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Short number) {
            return number.intValue();
        }
        if (value instanceof java.time.Instant instant) {
            return instant.toString();
        }
        if (value instanceof PGobject object) {
            return object.getValue();
        }
        if (value instanceof Object[] elements) {
            return Arrays.stream(elements).map(FlinkTable::plain).toList();
        }
        if (value instanceof Row row) {
            return List.of(row.getField(0), row.getField(1));
        }
        if (value instanceof java.sql.Array array) {
            try {
                return plain(array.getArray());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return value;
    }

    private static FlinkColumn column(
            String name,
            String type,
            java.util.function.Function<java.util.Random, String> literal,
            DataType flink,
            String asked) {
        return new FlinkColumn(new Column(name, type, literal), flink, asked);
    }

    private static List<FlinkColumn> with(FlinkColumn... more) {
        return Stream.concat(ALWAYS.stream(), Arrays.stream(more)).toList();
    }

    /** As an Instant writes itself, whose fraction has three digits or six. */
    private static String utc(String timestamptz) {
        return "regexp_replace(replace(to_char(" + timestamptz
                + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), '.000000Z', 'Z'), '(\\.\\d{3})000Z', '\\1Z')";
    }
}
