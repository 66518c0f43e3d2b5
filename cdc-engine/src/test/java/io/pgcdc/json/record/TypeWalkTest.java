package io.pgcdc.json.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.catalog.TypeCatalog;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.ValueEncoder;
import io.pgcdc.model.PgType;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.session.SessionSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every type that a column can have, on every version; PostgreSQL's own {@code to_jsonb(row)} decides. */
class TypeWalkTest {

    /** Types of users, in every shape that types can be built. */
    private static final String USER_TYPES = """
            CREATE EXTENSION hstore SCHEMA public;
            CREATE EXTENSION citext SCHEMA public;
            CREATE SCHEMA shop;
            CREATE FUNCTION shop."Odd name"() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'it''s "fine", {really} \\ (yes)', 'NULL', '', '5');
            CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
            CREATE DOMAIN shop.very_positive AS shop.positive;
            CREATE DOMAIN shop.price AS numeric(60, 4);
            CREATE DOMAIN shop.small_code AS char(5);
            CREATE DOMAIN shop.even_smaller_code AS shop.small_code CHECK (length(VALUE) < 4);
            CREATE DOMAIN shop.numbers AS int[];
            CREATE DOMAIN shop.prices AS shop.price[];
            CREATE DOMAIN shop.document AS json;
            CREATE DOMAIN shop.feeling AS shop.mood;
            CREATE DOMAIN shop.facts AS public.hstore;
            CREATE DOMAIN shop.period AS tstzrange;
            CREATE DOMAIN shop.boxes AS box[];
            CREATE DOMAIN shop.vector AS int2vector;
            CREATE TYPE shop.nothing AS ();
            CREATE TYPE shop.single AS ("only" text);
            CREATE TYPE shop.odd_names AS ("we""ird \\ näme" int, "tab\there" text, "a ""b"" \\ (c), d" bool);
            CREATE TYPE shop.address AS (street text, zip varchar(9000), tags text[], moved timestamptz, doc json,
                extra public.hstore, boxes box[]);
            CREATE DOMAIN shop.home AS shop.address;
            CREATE TYPE shop.person AS (name public.citext, home shop.home, others shop.address[], score float8,
                mood shop.feeling, prices shop.prices, single shop.single, nothing shop.nothing, grid jsonb[]);
            CREATE TYPE shop.family AS (head shop.person, members shop.person[], born tsrange, lived datemultirange);
            CREATE TYPE shop.shrunk AS (a int, b text, c numeric);
            ALTER TYPE shop.shrunk DROP ATTRIBUTE b;
            ALTER TYPE shop.shrunk ADD ATTRIBUTE d bool;
            CREATE TABLE shop.people (id int PRIMARY KEY, person shop.person, a int, b int,
                double int GENERATED ALWAYS AS (id * 2) STORED);
            CREATE TYPE shop.floatrange AS RANGE (subtype = float8);
            CREATE TYPE shop.textrange AS RANGE (subtype = text, collation = "C");
            CREATE TYPE shop.pricerange AS RANGE (subtype = shop.price);
            INSERT INTO shop.people SELECT n, NULL, n % 10, n % 10 FROM generate_series(1, 500) n;
            CREATE STATISTICS shop.people_ab (ndistinct, dependencies, mcv) ON a, b FROM shop.people;
            ANALYZE shop.people;
            """;

    private static final String ALL_TYPES = """
            SELECT t.oid::bigint, quote_ident(n.nspname) || '.' || quote_ident(t.typname), t.typname, t.typtype::text,
                   CASE WHEN c.relkind = 'r' THEN c.oid::regclass::text END
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
            WHERE t.typisdefined AND t.typtype <> 'p' AND NOT (n.nspname LIKE 'pg_toast%' OR n.nspname LIKE 'pg_temp%')
            ORDER BY t.oid""";

    @EachPostgres
    void everyTypeIsEqualToTheServersOwnJson(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("type_walk");
        try (Connection connection = server.connect(database)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(USER_TYPES);
            }
            assertNull(SessionSettings.OF_SOURCE.pin(connection));
            Map<Integer, TypeWalk.Entry> entries = entries(connection);
            Map<Integer, PgType> types = new TypeCatalog(connection).load(entries.keySet());
            connection.setAutoCommit(false);
            TypeWalk walk = new TypeWalk(connection, entries, types);
            for (TypeWalk.Entry entry : entries.values()) {
                walk.walk(entry);
            }
            assertEquals("", String.join("\n", walk.failures), walk.failures.size() + " of " + entries.size());
            assertTrue(walk.values > 3 * entries.size(), walk.values + " values of " + entries.size() + " types");
            assertTrue(walk.pairs > walk.values, walk.pairs + " pairs");
            assertTrue(walk.refused.contains("pg_catalog.pg_statistic"), walk.refused.toString());
            assertTrue(walk.refused.size() < 20, walk.refused.toString());
        }
    }

    @EachPostgres
    void aJsonThatJsonbRefusesIsPassedThrough(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String json : List.of("1e1000000", "\"\\u0000\"", "\"\\ud800\"")) {
                ResultSet row = statement.executeQuery("SELECT '" + json + "'::json");
                assertTrue(row.next());
                String text = row.getString(1);
                assertEquals(json, encode(PgType.base(114, "json"), text));
                assertTrue(assertThrows(
                                SQLException.class,
                                () -> statement.executeQuery("SELECT to_jsonb('" + json + "'::json)"))
                        .getSQLState()
                        .startsWith("22"));
            }
        }
    }

    /** The one exception: docs/adr/0004. */
    @EachPostgres
    void aUsersOwnCastToJsonIsNotCalledButNamed(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        try (Connection connection = server.connect(server.createDatabase("own_cast"));
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE EXTENSION hstore;
                    CREATE TYPE warmth AS ENUM ('cold', 'hot');
                    CREATE FUNCTION warmth_json(warmth) RETURNS json LANGUAGE sql AS $$ SELECT '{"warm": true}'::json $$;
                    CREATE CAST (warmth AS json) WITH FUNCTION warmth_json(warmth);
                    CREATE DOMAIN feeling AS warmth;
                    CREATE TYPE weather AS (feelings feeling[], facts hstore)""");
            ResultSet row = statement.executeQuery(
                    "SELECT to_jsonb('hot'::warmth)::text, 'warmth'::regtype::oid::int, 'weather'::regtype::oid::int");
            assertTrue(row.next());
            assertEquals("{\"warm\": true}", row.getString(1));

            TypeCatalog catalog = new TypeCatalog(connection);
            PgType warmth = java.util.Objects.requireNonNull(
                    catalog.load(List.of(row.getInt(2))).get(row.getInt(2)));
            assertEquals("\"hot\"", encode(warmth, "hot"));
            assertEquals(List.of("public.warmth"), catalog.typesWithOwnJsonCast(List.of(row.getInt(3))));
            assertEquals(List.of(), catalog.typesWithOwnJsonCast(List.of(23, 3802)));
        }
    }

    @Test
    void aTypeThatTheCatalogDoesNotKnowIsUnresolved() throws Exception {
        try (Connection connection = PgServer.shared(18).connect("postgres")) {
            assertEquals(
                    Map.of(-1, PgType.unresolved(-1), 23, PgType.base(23, "int4")),
                    new TypeCatalog(connection).load(List.of(-1, 23)));
            assertEquals(Map.of(), new TypeCatalog(connection).load(List.of()));
        }
    }

    @Test
    void aDeadConnectionIsReportedAsSuchSoThatItCanBeReopened() throws Exception {
        Connection connection = PgServer.shared(18).connect("postgres");
        connection.close();
        SQLException e = assertThrows(SQLException.class, () -> new TypeCatalog(connection).load(List.of(23)));
        assertTrue(e.getSQLState().startsWith("08"), e.getSQLState());
    }

    private static String encode(PgType type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonBuffer out = new JsonBuffer();
        ValueEncoder.of(type).encode(bytes, 0, bytes.length, out);
        return out.toString();
    }

    private static Map<Integer, TypeWalk.Entry> entries(Connection connection) throws SQLException {
        Map<Integer, TypeWalk.Entry> entries = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL_TYPES)) {
            while (row.next()) {
                int oid = (int) row.getLong(1);
                entries.put(
                        oid,
                        new TypeWalk.Entry(
                                oid, row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
            }
        }
        return entries;
    }
}
