package io.pgcdc.race;

import java.util.Locale;

/** What is written before the race, and read in it. The figures are those at scale 1. */
enum Workload {
    NARROW("inserts of 3 columns, 100 a transaction", 1_000_000) {
        @Override
        String tables() {
            return narrowTable("narrow");
        }

        @Override
        String changes(int count) {
            return loop(count / 100, "INSERT INTO race.narrow " + narrowRows("i * 100 + g", 100));
        }
    },

    ORDERS("inserts of 7 columns, 100 a transaction", 1_000_000) {
        @Override
        String tables() {
            return "CREATE TABLE race.orders (id bigint PRIMARY KEY, customer_id bigint, status text, amount numeric(12,2),"
                    + " currency char(3), email text, created_at timestamptz);";
        }

        @Override
        String changes(int count) {
            return loop(
                    count / 100,
                    "INSERT INTO race.orders SELECT i * 100 + g, g * 7919 + i, 'shipped', (i * 100 + g) * 0.07 % 1000, 'EUR',"
                            + " 'customer' || i * 100 + g || '@example.com', now()"
                            + " FROM generate_series(1, 100) g");
        }
    },

    PAYMENTS("inserts of 8 columns, 10 to 100 a transaction", 1_000_000) {
        @Override
        String tables() {
            return "CREATE TABLE race.payments (id bigint PRIMARY KEY, order_id bigint, attempt int, amount numeric(12,2),"
                    + " currency char(3), method text, succeeded bool, created_at timestamptz);";
        }

        @Override
        String changes(int count) {
            return loop(
                    count / 200,
                    paymentRows(0, 10) + "; COMMIT; " + paymentRows(10, 30) + "; COMMIT; " + paymentRows(40, 60)
                            + "; COMMIT; " + paymentRows(100, 100));
        }
    },

    WIDE("updates of 20 mixed columns, replica identity FULL", 300_000) {
        @Override
        String tables() {
            return """
                    CREATE TABLE race.wide (id bigint PRIMARY KEY, quantity int, big bigint, price numeric(20,4), ratio float8,
                        active bool, name text, digest text, code varchar(100), changed_at timestamptz, created_at timestamp,
                        day date, uid uuid, document jsonb, numbers int[], text40 text, bytes bytea, address inet, at_time time,
                        tail text);
                    ALTER TABLE race.wide REPLICA IDENTITY FULL;
                    INSERT INTO race.wide SELECT g, g, g::bigint * 1000000007, g * 1.25, g * 0.37, g % 2 = 0, 'name ' || g,
                        md5(g::text) || md5((g + 1)::text), 'varchar value ' || g, now(), now()::timestamp, current_date,
                        gen_random_uuid(), jsonb_build_object('k', g, 'tags', jsonb_build_array('a', 'b', g)),
                        array[g, g + 1, g + 2], repeat('t', 40), decode(md5(g::text), 'hex'), '10.1.2.3', '12:34:56.789',
                        repeat('tail ', 20) || g FROM generate_series(1, 10000) g;
                    """;
        }

        @Override
        String changes(int count) {
            return loop(
                    count / 100,
                    "UPDATE race.wide SET quantity = quantity + 1, ratio = ratio * 1.01, changed_at = clock_timestamp(),"
                            + " name = 'name ' || quantity WHERE id BETWEEN i % 100 * 100 + 1 AND i % 100 * 100 + 100");
        }
    },

    TPCB("in the manner of TPC-B, 4 changes a transaction", 400_000) {
        @Override
        String tables() {
            return """
                    CREATE TABLE race.branches (bid int PRIMARY KEY, bbalance int, filler char(88));
                    CREATE TABLE race.tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84));
                    CREATE TABLE race.accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84));
                    CREATE TABLE race.history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
                    INSERT INTO race.branches SELECT g, 0 FROM generate_series(1, 10) g;
                    INSERT INTO race.tellers SELECT g, 1 + g / 10, 0 FROM generate_series(1, 100) g;
                    INSERT INTO race.accounts SELECT g, 1 + g / 10000, 0, '' FROM generate_series(1, 100000) g;
                    """;
        }

        @Override
        String changes(int count) {
            return loop(count / 4, """
                    UPDATE race.accounts SET abalance = abalance + i WHERE aid = 1 + i::bigint * 7919 % 100000;
                    UPDATE race.tellers SET tbalance = tbalance + i % 1000 WHERE tid = 1 + i % 100;
                    UPDATE race.branches SET bbalance = bbalance + i % 1000 WHERE bid = 1 + i % 10;
                    INSERT INTO race.history VALUES (1 + i % 100, 1 + i % 10, 1 + i::bigint * 7919 % 100000, i, now())""");
        }
    },

    HUGE("inserts of 3 columns in one transaction", 1_000_000) {
        @Override
        String tables() {
            return narrowTable("huge");
        }

        @Override
        String changes(int count) {
            return "INSERT INTO race.huge " + narrowRows("g", count);
        }
    },

    TABLES10("inserts as narrow, into 10 tables", 1_000_000) {
        @Override
        String tables() {
            return manyTables(10);
        }

        @Override
        String changes(int count) {
            return intoManyTables(10, count);
        }
    },

    TABLES1000("inserts as narrow, into 1,000 tables", 1_000_000) {
        @Override
        String tables() {
            return manyTables(1000);
        }

        @Override
        String changes(int count) {
            return intoManyTables(1000, count);
        }
    };

    private final String description;
    private final int fullCount;

    Workload(String description, int fullCount) {
        this.description = description;
        this.fullCount = fullCount;
    }

    /** DDL, and rows that are there before. */
    abstract String tables();

    /** Writes that many changes. */
    abstract String changes(int count);

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** A multiple of 400, so that transactions are whole. */
    int count(double scale) {
        return Math.max(1, (int) (fullCount * scale / 400)) * 400;
    }

    private static String narrowTable(String name) {
        return "CREATE TABLE race." + name + " (id bigint PRIMARY KEY, name text, note text);";
    }

    /** Some 89 bytes of pgoutput each. */
    private static String narrowRows(String id, int count) {
        return "SELECT " + id + ", 'customer ' || (" + id + "), 'a note that says what there was to say today'"
                + " FROM generate_series(1, " + count + ") g";
    }

    private static String paymentRows(int from, int count) {
        return "INSERT INTO race.payments SELECT i * 200 + g, g * 7919 + i, 1 + g % 3, (i * 200 + g) * 0.07 % 1000, 'EUR',"
                + " 'card of customer ' || g, g % 7 > 0, now() FROM generate_series(" + (from + 1) + ", "
                + (from + count) + ") g";
    }

    private static String loop(int transactions, String statements) {
        return "DO $$ BEGIN FOR i IN 0.." + (transactions - 1) + " LOOP " + statements + "; COMMIT; END LOOP; END $$";
    }

    private static String manyTables(int tables) {
        return "DO $$ BEGIN FOR t IN 0.." + (tables - 1)
                + " LOOP EXECUTE 'CREATE TABLE race.t' || t || ' (id bigint PRIMARY KEY, name text, note text)';"
                + " END LOOP; END $$;";
    }

    /** Ten rows a table and statement, ten statements a transaction. */
    private static String intoManyTables(int tables, int count) {
        return loop(
                count / 100,
                "FOR s IN 0..9 LOOP EXECUTE 'INSERT INTO race.t' || ((i * 10 + s) % " + tables + ") || $q$ "
                        + narrowRows("$1 + g", 10) + "$q$ USING (i * 100 + s * 10)::bigint; END LOOP");
    }
}
