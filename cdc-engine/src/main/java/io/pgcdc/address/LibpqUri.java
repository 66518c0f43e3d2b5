package io.pgcdc.address;

/**
 * Reads {@code postgresql://user:password@h1:5432,h2:5433/database?name=value&…} (PostgreSQL documentation, "Connection URIs").
 * Every part between separators is percent-decoded.
 */
final class LibpqUri {

    private LibpqUri() {}

    /** @param rest the text after {@code ://} */
    static void read(String rest, ConnectionText into) {
        try {
            String tail = rest.substring(userInfo(rest, into));
            if (tail.indexOf('@') >= 0) {
                into.conceal(); // a port or parameter may really be part of a password
            }
            int query = tail.indexOf('?');
            String place = query < 0 ? tail : tail.substring(0, query);
            if (place.indexOf('@') >= 0) {
                into.problem("there are two @, or an @ after /; write %40 for @ and %2F for / in user and password");
                return;
            }
            int slash = place.indexOf('/');
            Authority.read(slash < 0 ? place : place.substring(0, slash), true, into);
            if (slash >= 0) {
                into.put(ConnectionParameter.DBNAME, PercentEncoding.decode(place.substring(slash + 1)));
            }
            if (query >= 0 && query + 1 < tail.length()) {
                parameters(tail.substring(query + 1), into);
            }
        } catch (IllegalArgumentException e) {
            into.problem("escapes cannot be read; write " + e.getMessage());
        }
    }

    /** Returns where the hosts begin. Like libpq, takes the first @ before any slash as the end of the user's part. */
    private static int userInfo(String rest, ConnectionText into) {
        int at = rest.indexOf('@');
        int slash = rest.indexOf('/');
        if (at < 0 || (slash >= 0 && slash < at)) {
            return 0;
        }
        int colon = rest.indexOf(':');
        boolean password = colon >= 0 && colon < at;
        into.put(ConnectionParameter.USER, PercentEncoding.decode(rest.substring(0, password ? colon : at)));
        if (password) {
            into.put(ConnectionParameter.PASSWORD, PercentEncoding.decode(rest.substring(colon + 1, at)));
        }
        return at + 1;
    }

    private static void parameters(String query, ConnectionText into) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                into.noValue(PercentEncoding.decode(pair));
                continue;
            }
            String name = PercentEncoding.decode(pair.substring(0, equals));
            if (pair.indexOf('=', equals + 1) >= 0) {
                into.problem("a parameter has two =; write %3D for = in a value");
                continue;
            }
            into.putNamed(name, PercentEncoding.decode(pair.substring(equals + 1)), false);
        }
    }
}
