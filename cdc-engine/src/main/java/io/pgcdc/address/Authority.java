package io.pgcdc.address;

import java.util.ArrayList;
import java.util.List;

/** Reads the hosts of a URL: {@code h1:5432,[::1]:5433,h3}. */
final class Authority {

    private Authority() {}

    /** Sets HOST and PORT, each as a comma-separated list like libpq's keywords. */
    static void read(String authority, boolean decode, ConnectionText into) {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (String part : authority.split(",", -1)) {
            int bracket = part.startsWith("[") ? part.indexOf(']') : -1;
            if (part.startsWith("[") && bracket < 0) {
                into.problem("an IPv6 address has no closing bracket; write [::1]:5432");
                return;
            }
            int colon = part.indexOf(':', bracket + 1);
            String host = bracket > 0 ? part.substring(1, bracket) : colon < 0 ? part : part.substring(0, colon);
            if (bracket > 0 && bracket + 1 < part.length() && colon != bracket + 1) {
                into.problem("only a colon and a port may follow [ ]; write [::1]:5432");
                return;
            }
            if (bracket < 0 && colon != part.lastIndexOf(':')) {
                into.problem("a host has two colons; write an IPv6 address in brackets: [::1]:5432");
                return;
            }
            hosts.add(decode ? PercentEncoding.decode(host) : host);
            ports.add(colon < 0 ? "" : part.substring(colon + 1));
        }
        if (hosts.stream().anyMatch(h -> !h.isEmpty())) {
            into.put(ConnectionParameter.HOST, String.join(",", hosts));
        }
        if (ports.stream().anyMatch(p -> !p.isEmpty())) {
            into.put(ConnectionParameter.PORT, String.join(",", ports));
        }
    }
}
