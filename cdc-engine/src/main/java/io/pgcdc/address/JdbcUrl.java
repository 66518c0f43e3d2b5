package io.pgcdc.address;

/**
 * Reads {@code jdbc:postgresql://h1:5432,h2/database?user=…&…} and {@code jdbc:postgresql:database} (pgjdbc documentation,
 * "Connecting to the Database"). Parameters have pgjdbc's names. Like in pgjdbc, + means a space.
 */
final class JdbcUrl {

    private JdbcUrl() {}

    /** @param rest the text after {@code jdbc:postgresql:} */
    static void read(String rest, ConnectionText into) {
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        try {
            String database = place;
            if (place.startsWith("//")) {
                int slash = place.indexOf('/', 2);
                String authority = slash < 0 ? place.substring(2) : place.substring(2, slash);
                if (authority.indexOf('@') >= 0) {
                    into.problem("a JDBC URL has no user before the host; write ?user=…&password=… at its end");
                    return;
                }
                Authority.read(authority, false, into);
                database = slash < 0 ? "" : place.substring(slash + 1);
            }
            if (database.indexOf('/') >= 0) {
                into.problem("there are too many /; write jdbc:postgresql://host:5432/database");
                return;
            }
            into.put(ConnectionParameter.DBNAME, decode(database));
            if (query >= 0) {
                parameters(rest.substring(query + 1), into);
            }
        } catch (IllegalArgumentException e) {
            into.problem("escapes cannot be read; write " + e.getMessage());
        }
    }

    private static void parameters(String query, ConnectionText into) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                into.putNamed(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)), true);
            } else if (!pair.isEmpty()) {
                into.noValue(decode(pair));
            }
        }
    }

    private static String decode(String text) {
        return PercentEncoding.decode(text.replace('+', ' '));
    }
}
