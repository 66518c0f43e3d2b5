package io.pgcdc.json.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The server is the oracle: it has all types whose cast to text is a function, and casts a value of each. */
class TextCastTest {

    private static final List<String> VALUES = List.of(
            "true",
            "false",
            "inet '10.0.0.1'",
            "inet '10.0.0.1/8'",
            "inet '::1'",
            "inet '::1/64'",
            "cidr '10.0.0.0/8'",
            "cidr '10.1.2.3'",
            "char(5) 'ab'",
            "char(3) ''",
            "\"char\" 'x'",
            "name 'n '",
            "xml '<a/>'");

    @EachPostgres
    void textsAreThoseOfTheServersCast(int version) throws SQLException {
        Set<String> seen = new TreeSet<>();
        try (Connection connection = PgServer.shared(version).connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String value : VALUES) {
                ResultSet row = statement.executeQuery("SELECT format('%s', v), v::text, pg_typeof(v)::oid::int,"
                        + " pg_typeof(v)::text FROM (SELECT " + value + " AS v) s");
                assertTrue(row.next());
                byte[] text = row.getString(1).getBytes(StandardCharsets.UTF_8);
                JsonBuffer out = new JsonBuffer();
                TextCast.of(PgType.base(row.getInt(3), row.getString(4))).append(text, 0, text.length, out);
                assertEquals(row.getString(2), out.toString(), value);
                seen.add(row.getString(4));
            }
            ResultSet types = statement.executeQuery("SELECT string_agg(castsource::regtype::text, ',') FROM pg_cast"
                    + " WHERE casttarget = 'text'::regtype AND castmethod = 'f' AND castsource < 16384");
            assertTrue(types.next());
            assertTrue(seen.containsAll(List.of(types.getString(1).split(","))), types.getString(1));
        }
    }
}
