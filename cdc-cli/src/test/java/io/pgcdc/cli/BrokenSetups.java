package io.pgcdc.cli;

import static io.pgcdc.error.ErrorCode.*;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.disk.QueueDirectory;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The ways in which {@link CheckRemedyTest} breaks a set-up that a run could use. */
final class BrokenSetups {

    private static final List<Broken> ALL = new ArrayList<>();

    private BrokenSetups() {}

    /** Breaks a set-up. */
    interface Break {
        void at(CheckedSetup setup) throws Exception;
    }

    /**
     * A way to break it.
     *
     * @param code of the finding
     * @param words in the finding's text
     * @param heals true if all is well after the remedy; false if another finding comes to light
     */
    record Broken(String name, ErrorCode code, String words, boolean heals, Break how) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Broken> all() {
        return List.copyOf(ALL);
    }

    private static void heals(String name, ErrorCode code, String words, Break how) {
        ALL.add(new Broken(name, code, words, true, how));
    }

    private static void leaves(String name, ErrorCode code, String words, Break how) {
        ALL.add(new Broken(name, code, words, false, how));
    }

    private static void queue(CheckedSetup setup, String slot, boolean held) {
        QueueDirectory directory = QueueDirectory.open(setup.directory().resolve("queue"));
        directory.bind(new QueueIdentity("1", "other", 5, slot, 1, Instant.now()));
        if (held) {
            setup.closing(directory::close);
        } else {
            directory.close();
        }
    }

    static {
        login();
        slot();
        publication();
        identity();
        rows();
        limits();
        queue();
        personalData();
        target();
    }

    private static void login() {
        heals("role without LOGIN", AUTHENTICATION_FAILED, "log in", s -> s.elsewhere("ALTER ROLE {role} NOLOGIN"));
        heals(
                "role without connections",
                SLOTS_EXHAUSTED,
                "for role",
                s -> s.elsewhere("ALTER ROLE {role} CONNECTION LIMIT 0"));
        heals(
                "database without connections",
                SLOTS_EXHAUSTED,
                "for database",
                s -> s.elsewhere("ALTER DATABASE {db} CONNECTION LIMIT 0"));
        heals(
                "no CONNECT",
                PRIVILEGE_MISSING,
                "permission denied for database",
                s -> s.elsewhere("REVOKE CONNECT ON DATABASE {db} FROM PUBLIC"));
        heals(
                "database closed",
                SOURCE_UNREACHABLE,
                "not currently accepting",
                s -> s.elsewhere("ALTER DATABASE {db} ALLOW_CONNECTIONS false"));
        heals(
                "no REPLICATION",
                REPLICATION_PRIVILEGE_MISSING,
                "may not use replication",
                s -> s.elsewhere("ALTER ROLE {role} NOREPLICATION"));
    }

    private static void slot() {
        heals("no slot", SLOT_MISSING, "does not exist", s -> s.set("source.create_slot: false"));
        heals(
                "slot of another plugin",
                SLOT_OTHER_PLUGIN,
                "test_decoding",
                s -> s.sql("SELECT pg_create_logical_replication_slot('{slot}', 'test_decoding')"));
        heals(
                "physical slot",
                SLOT_OTHER_PLUGIN,
                "physical",
                s -> s.sql("SELECT pg_create_physical_replication_slot('{slot}')")
                        .atEnd("SELECT pg_drop_replication_slot('{slot}')"));
        heals(
                "slot of another database",
                SLOT_OTHER_DATABASE,
                "belongs to database",
                s -> s.elsewhere("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')")
                        .atEnd("SELECT pg_drop_replication_slot('{slot}')"));
        heals(
                "slot in use",
                SLOT_IN_USE,
                "in use by process",
                s -> s.inSession("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput', true)"));
        heals(
                "slot without failover",
                FAILOVER_SLOT,
                "keeps it in step",
                s -> s.sql("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')")
                        .set("source.failover_slot: true"));
    }

    private static void publication() {
        leaves("no publication", PUBLICATION_MISSING, "does not exist", s -> s.set("source.publications: [absent]"));
        heals(
                "publication of all tables without superuser",
                PRIVILEGE_MISSING,
                "needs a superuser",
                s -> s.set("source.publications: [absent]").set("source.create_publication: true"));
        heals(
                "publication without ownership",
                PRIVILEGE_MISSING,
                "tables' owner",
                s -> s.set("source.publications: [absent]")
                        .set("source.create_publication: true")
                        .set("source.publication_tables: [public.users]"));
        leaves(
                "publication younger than the slot",
                PUBLICATION_SLOT_ORDER,
                "would not see one",
                s -> s.sql("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')")
                        .set("source.publications: [absent]")
                        .set("source.create_publication: true"));
        leaves(
                "no publication, but a slot",
                PUBLICATION_MISSING,
                "would not see one",
                s -> s.sql("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')")
                        .set("source.publications: [absent]"));
        heals(
                "empty publication",
                PUBLICATION_EMPTY,
                "has no table",
                s -> s.sql("ALTER PUBLICATION p DROP TABLE users"));
        for (String omitted : List.of("insert", "update", "delete", "truncate")) {
            List<String> others = new ArrayList<>(List.of("insert", "update", "delete", "truncate"));
            others.remove(omitted);
            heals(
                    "publication without " + omitted,
                    PUBLICATION_OPERATIONS,
                    "does not publish " + omitted,
                    s -> s.sql("ALTER PUBLICATION p SET (publish = '" + String.join(", ", others) + "')"));
        }
        heals(
                "sink of an unpublished table",
                TABLE_NOT_PUBLISHED,
                "public.other",
                s -> s.sql(OTHER).set("sinks.out.tables: [public.users, public.other]"));
        heals(
                "publication lacks a table",
                PUBLICATION_LACKS_TABLE,
                "public.other",
                s -> s.sql(OTHER)
                        .set("source.create_publication: true")
                        .set("source.publication_tables: [public.users, public.other]"));
    }

    private static final String OTHER =
            "CREATE TABLE other (id int PRIMARY KEY); ALTER TABLE other REPLICA IDENTITY FULL; GRANT SELECT ON other TO {role}";

    private static void identity() {
        heals(
                "table without a key",
                REPLICA_IDENTITY_MISSING,
                "public.keyless",
                s -> s.sql("CREATE TABLE keyless (id int)", "ALTER PUBLICATION p ADD TABLE keyless"));
        heals(
                "identity NOTHING",
                REPLICA_IDENTITY_MISSING,
                "public.users",
                s -> s.sql("ALTER TABLE users REPLICA IDENTITY NOTHING"));
        heals(
                "identity's index dropped",
                REPLICA_IDENTITY_MISSING,
                "public.users",
                s -> s.sql(
                        "CREATE UNIQUE INDEX u ON users (id)",
                        "ALTER TABLE users REPLICA IDENTITY USING INDEX u",
                        "DROP INDEX u"));
        heals(
                "deferrable key",
                REPLICA_IDENTITY_MISSING,
                "public.late",
                s -> s.sql("CREATE TABLE late (id int PRIMARY KEY DEFERRABLE)", "ALTER PUBLICATION p ADD TABLE late"));
        leaves(
                "new publication would break a table",
                REPLICA_IDENTITY_MISSING,
                "from the moment publication absent has them",
                s -> s.sql("CREATE TABLE keyless (id int)")
                        .set("source.publications: [absent]")
                        .set("source.create_publication: true"));
        heals(
                "keys alone of old rows",
                REPLICA_IDENTITY_PARTIAL,
                "public.users",
                s -> s.sql("ALTER TABLE users REPLICA IDENTITY DEFAULT"));
        heals(
                "an index's columns alone of old rows",
                REPLICA_IDENTITY_PARTIAL,
                "public.users",
                s -> s.sql("CREATE UNIQUE INDEX u ON users (id)", "ALTER TABLE users REPLICA IDENTITY USING INDEX u"));
        heals(
                "partition with another identity",
                REPLICA_IDENTITY_PARTIAL,
                "public.part_1",
                s -> s.sql(
                        "CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                        "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (9)",
                        "ALTER TABLE part REPLICA IDENTITY FULL",
                        "ALTER PUBLICATION p ADD TABLE part"));
    }

    private static void rows() {
        heals(
                "snapshot without SELECT",
                PRIVILEGE_MISSING,
                "may not read the rows of public.users",
                s -> s.sql("REVOKE SELECT ON users FROM {role}").set("snapshot.mode: initial"));
        heals(
                "snapshot without USAGE",
                PRIVILEGE_MISSING,
                "may not read the rows of hidden.users",
                s -> s.sql("CREATE SCHEMA hidden", "ALTER TABLE users SET SCHEMA hidden")
                        .set("snapshot.mode: initial"));
        heals(
                "snapshot of a table with row security",
                PRIVILEGE_MISSING,
                "may not read the rows of public.users",
                s -> s.sql("ALTER TABLE users ENABLE ROW LEVEL SECURITY").set("snapshot.mode: initial"));
    }

    private static void limits() {
        heals(
                "dead readers stay",
                WAL_SENDER_LIMIT,
                "is 0 for role",
                s -> s.elsewhere("ALTER ROLE {role} SET wal_sender_timeout = 0"));
        heals(
                "short timeout of the role",
                WAL_SENDER_LIMIT,
                "is 5000 ms",
                s -> s.elsewhere("ALTER ROLE {role} SET wal_sender_timeout = '5s'"));
        heals(
                "short timeout of the database",
                WAL_SENDER_LIMIT,
                "is 6000 ms",
                s -> s.elsewhere("ALTER DATABASE {db} SET wal_sender_timeout = '6s'"));
        heals(
                "short timeout of the role in the database",
                WAL_SENDER_LIMIT,
                "is 7000 ms",
                s -> s.elsewhere("ALTER ROLE {role} IN DATABASE {db} SET wal_sender_timeout = '7s'"));
        heals(
                "long status interval",
                WAL_SENDER_LIMIT,
                "source.status_interval_ms (50000)",
                s -> s.set("source.status_interval_ms: 50000"));
    }

    private static void queue() {
        heals(
                "queue is a file",
                QUEUE_DIRECTORY_UNUSABLE,
                "is not a directory",
                s -> Files.writeString(s.directory().resolve("queue"), "x"));
        heals("queue below a file", QUEUE_DIRECTORY_UNUSABLE, "cannot be created", s -> {
            Files.writeString(s.directory().resolve("file"), "x");
            s.set("queue.dir: " + s.directory().resolve("file").resolve("queue"));
        });
        heals("queue among other files", QUEUE_DIRECTORY_UNUSABLE, "not a queue's", s -> {
            Files.createDirectory(s.directory().resolve("queue"));
            Files.writeString(s.directory().resolve("queue").resolve("letter.txt"), "x");
        });
        heals("queue of another slot", QUEUE_OTHER_SOURCE, "slot \"elsewhere\"", s -> queue(s, "elsewhere", false));
        heals("queue in use", QUEUE_LOCKED, "in use by process", s -> queue(s, "elsewhere", true));
    }

    private static void personalData() {
        personal("a column's name", "email int", "NULL", "an e-mail address");
        personal("a column's name in camel case", "\"mobilePhone\" int", "NULL", "a phone number");
        personal("a column of another type", "birth_date date", "NULL", "a date of birth");
        personal("a person's name", "last_name text", "NULL", "a person's name");
        personal("e-mail addresses", "contact text", "'ada@example.com'", "an e-mail address");
        personal("bank accounts", "contact text", "'GB82 WEST 1234 5698 7654 32'", "a bank account");
        personal("card numbers", "contact text", "'4111-1111-1111-1111'", "a card number");
        personal("phone numbers", "contact text", "'+44 (20) 7946-0958'", "a phone number");
        heals(
                "a second column of a sink",
                PERSONAL_DATA,
                "public.users.phone",
                s -> s.sql("ALTER TABLE users ADD email text, ADD phone text")
                        .set("sinks.out.exclude_columns: [public.users.email]"));
    }

    private static void personal(String name, String column, String value, String kind) {
        heals(
                "personal data: " + name,
                PERSONAL_DATA,
                kind,
                s -> s.sql("ALTER TABLE users ADD " + column, "INSERT INTO users VALUES (1, 'x', " + value + ")"));
    }

    private static void target() {
        Break makes = s -> s.elsewhere("CREATE ROLE {role}_t LOGIN PASSWORD '" + CheckedSetup.PASSWORD + "'")
                .atEnd("DROP ROLE {role}_t")
                .writesAs("{role}_t");
        target(makes, "target's role without LOGIN", TARGET_LOGIN_REFUSED, "log in", "ALTER ROLE {role}_t NOLOGIN");
        target(
                makes,
                "target's role without connections",
                TARGET_BUSY,
                "for role",
                "ALTER ROLE {role}_t CONNECTION LIMIT 0");
        target(
                makes,
                "target is read-only",
                TARGET_SQL_FAILED,
                "takes no writes",
                "ALTER ROLE {role}_t SET default_transaction_read_only = on");
    }

    private static void target(Break makes, String name, ErrorCode code, String words, String sql) {
        heals(name, code, words, s -> {
            makes.at(s);
            s.elsewhere(sql);
        });
    }
}
