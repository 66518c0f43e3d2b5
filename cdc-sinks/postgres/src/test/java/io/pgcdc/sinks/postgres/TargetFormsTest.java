package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.testing.EachPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables whose form in the target is not that of the source: what a replica makes equal, and what it names. */
class TargetFormsTest extends AlteredSource {

    private static final String TYPE = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
            + " WHERE attrelid = '%s'::regclass AND attname = '%s'";

    @EachPostgres
    void missingTypesAreCreated(int version) {
        start(version);
        source().sql(
                        "CREATE TYPE mood AS ENUM ('sad', 'so''so')",
                        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                        "CREATE TYPE address AS (street text, number positive, moods mood[])",
                        "CREATE TYPE span AS RANGE (subtype = timestamptz)",
                        "CREATE TABLE t (id positive PRIMARY KEY, m mood, a address, many address[], s span)",
                        "ALTER TABLE t REPLICA IDENTITY FULL",
                        "INSERT INTO t VALUES (1, 'sad', ROW('x', 1, '{sad}'), ARRAY[ROW('y', 2, NULL)::address], '[now,)')",
                        "UPDATE t SET m = 'so''so'");
        bring("create=true");
        assertEquals(contents(source(), "t"), contents(target(), "t"));
        for (String column : List.of("id", "m", "a", "many", "s")) {
            assertEquals(source().ask(TYPE.formatted("t", column)), target().ask(TYPE.formatted("t", column)));
        }
    }

    @Test
    void aTypeOfTwoSchemasIsChosenByItsLabelsAndPlace() {
        start(18);
        target().sql(
                        "CREATE TYPE mood AS ENUM ('a')",
                        "CREATE SCHEMA o",
                        "CREATE TYPE o.mood AS ENUM ('a', 'b')",
                        "CREATE TYPE o.size AS ENUM ('s')",
                        "CREATE TYPE size AS ENUM ('s')");
        source().sql(
                        "CREATE TYPE mood AS ENUM ('a', 'b')",
                        "CREATE TYPE size AS ENUM ('s')",
                        "CREATE TABLE t (id int PRIMARY KEY, m mood, s size)",
                        "INSERT INTO t VALUES (1, 'b', 's')");
        bring("create=true");
        assertEquals(List.of("(1,b,s)"), target().list("SELECT t FROM t"));
        assertEquals("o.mood", target().ask(TYPE.formatted("t", "m")));
        assertEquals("size", target().ask(TYPE.formatted("t", "s")));

        target().sql(
                        "DROP TABLE t",
                        "CREATE SCHEMA p",
                        "CREATE TYPE p.far AS ENUM ('x')",
                        "CREATE TYPE o.far AS ENUM ('x')");
        source().sql(
                        "CREATE TYPE far AS ENUM ('x')",
                        "CREATE TABLE u (id int PRIMARY KEY, f far)",
                        "INSERT INTO u VALUES (1, 'x')");
        CdcException e = assertThrows(CdcException.class, () -> bring("create=true"));
        assertEquals(ErrorCode.TARGET_MISSING, e.code());
        assertTrue(e.getMessage().contains("several types for column f of public.u: "), e.getMessage());
    }

    @Test
    void aWiderTypeIsTakenOverAndAGrownEnumIsNamed() {
        start(18);
        target().sql("CREATE TABLE own (id int PRIMARY KEY, u varchar(11), v text)");
        source().sql("CREATE TYPE mood AS ENUM ('a')", "CREATE TABLE e (id int PRIMARY KEY, m mood)");
        createTable("w");
        createTable("own");
        source().sql("INSERT INTO e VALUES (1, 'a')");
        bring("create=true");
        source().sql(
                        "ALTER TABLE w ALTER u TYPE text",
                        "INSERT INTO w VALUES (4, 'longer than ten', 'x')",
                        "ALTER TABLE own ALTER u TYPE text",
                        "INSERT INTO own VALUES (4, 'short', 'x')");
        bring("create=true");
        assertEquals(contents(source(), "w"), contents(target(), "w"));
        assertEquals("text", target().ask(TYPE.formatted("w", "u")));
        assertEquals("character varying(11)", target().ask(TYPE.formatted("own", "u")), "the target's own choice");

        source().sql("ALTER TYPE mood ADD VALUE 'b'", "INSERT INTO e VALUES (2, 'b')");
        CdcException e = assertThrows(CdcException.class, () -> bring("create=true"));
        assertTrue(e.getMessage().contains("ALTER TYPE … ADD VALUE"), e.getMessage());
    }

    /** The server's cast of text to regclass, and to xml, does not take all that the server prints of them. */
    @Test
    void valuesThatACastOfTextRefusesAreWritten() {
        start(18);
        target().sql("ALTER DATABASE " + target().name() + " SET xmloption = document");
        source().sql(
                        "CREATE TABLE t (id regclass PRIMARY KEY, r regclass, x xml)",
                        "INSERT INTO t VALUES (0, 0, XMLPARSE(CONTENT 'a<b/>')), ('pg_class', 999999, NULL)",
                        "UPDATE t SET id = 'pg_type' WHERE id = 0",
                        "UPDATE t SET id = 0, r = 'pg_class' WHERE id = 'pg_class'::regclass",
                        "DELETE FROM t WHERE id = 'pg_type'::regclass");
        bring("create=true");
        assertEquals(contents(source(), "t"), contents(target(), "t"));
    }

    @Test
    void triggersOfTheTargetRunOnlyInTheRoleOrigin() {
        start(18);
        target().sql(
                        "CREATE TABLE t (id int PRIMARY KEY)",
                        "CREATE TABLE fired (n int)",
                        "CREATE FUNCTION fire() RETURNS trigger AS 'BEGIN INSERT INTO fired VALUES (NEW.id); RETURN NULL; END'"
                                + " LANGUAGE plpgsql",
                        "CREATE TRIGGER t_fires AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION fire()");
        source().sql("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        bring("create=true");
        source().sql("INSERT INTO t VALUES (2)");
        bring("create=true", "session_replication_role=replica");
        assertEquals(List.of("1", "2"), target().list("SELECT id FROM t ORDER BY id"));
        assertEquals(List.of("1"), target().list("SELECT n FROM fired"));
    }

    /** The target keeps the earlier primary key, which the source gave up. */
    @Test
    void anEarlierKeyThatRefusesARowIsNamed() {
        start(18);
        source().sql("CREATE TABLE t (id int PRIMARY KEY, u int NOT NULL)", "INSERT INTO t VALUES (1, 10)");
        bring("create=true");
        source().sql(
                        "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (u)",
                        "INSERT INTO t VALUES (1, 11)",
                        "UPDATE t SET u = 12 WHERE u = 10");
        CdcException e = assertThrows(CdcException.class, () -> bring("create=true"));
        run(target(), e, "any more: (ALTER TABLE .*?;) in the target");
        bring("create=true");
        assertEquals(contents(source(), "t"), contents(target(), "t"));
    }

    @Test
    void aKeyThatTheTargetAlwaysMakesIsNamed() {
        start(18);
        target().sql("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
        source().sql(
                        "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
                        "INSERT INTO t VALUES (1)",
                        "UPDATE t SET id = 7");
        CdcException e = assertThrows(CdcException.class, () -> bring("create=true"));
        run(target(), e, "In the target: (.*?;) Then start again\\.");
        bring("create=true");
        assertEquals(List.of("7"), target().list("SELECT id FROM t"));
    }
}
