package io.pgcdc.sinks.debezium.option;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a connection string of Debezium's properties of the server. */
final class DebeziumAddress {

    private static final String HOSTNAME = "database.hostname";
    private static final String ROOT_CERTIFICATE = "database.sslrootcert";
    private static final String KEEP_ALIVE = "database.tcpKeepAlive";

    /** Properties and libpq's parameters. The password is a property of ours. */
    private static final Map<String, String> PARAMETERS = parameters();

    /** Debezium requires them. */
    private static final List<String> REQUIRED = List.of(HOSTNAME, "database.user", "database.dbname");

    private DebeziumAddress() {}

    /**
     * Adds the connection string, or problems.
     *
     * @param properties Debezium's
     */
    static void translate(Map<String, String> properties, MeantSettings ours, Problems problems) {
        if (PARAMETERS.keySet().stream().noneMatch(properties::containsKey)) {
            return;
        }
        int before = problems.count();
        for (String name : REQUIRED) {
            if (properties.getOrDefault(name, "").isBlank()) {
                problems.add(ErrorCode.CONFIG_MISSING, Place.property(name), name + " is missing; write it");
            }
        }
        StringBuilder url = new StringBuilder();
        PARAMETERS.forEach((name, parameter) -> {
            String value = properties.get(name);
            if (value != null && !value.isBlank()) {
                String pair = parameter + "=" + quoted(libpq(name, value.strip())) + " ";
                url.append(pair);
                check(name, pair, problems);
            }
        });
        if (problems.count() > before) {
            ours.broken("source.url");
        } else {
            ours.put("source.url", HOSTNAME, url.toString());
        }
    }

    /** Checks one parameter alone, so that a problem is told at its property. */
    private static void check(String name, String pair, Problems problems) {
        if (pair.contains("${")) {
            return; // the value of a reference is not known here
        }
        String alone = name.equals(ROOT_CERTIFICATE) ? pair + "sslmode=verify-full" : pair;
        ServerUrl.parse(given(name, alone), Map.of(), "user", problems);
    }

    private static Given given(String name, String text) {
        return Given.text(name, text.strip(), Place.property(name));
    }

    private static String libpq(String name, String value) {
        if (!name.equals(KEEP_ALIVE)) {
            return value;
        }
        return switch (value) {
            case "true" -> "1";
            case "false" -> "0";
            default -> value;
        };
    }

    /** libpq's rule for values with other than letters and digits (PostgreSQL documentation, "Connection Strings"). */
    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(HOSTNAME, "host");
        parameters.put("database.port", "port");
        parameters.put("database.user", "user");
        parameters.put("database.dbname", "dbname");
        parameters.put("database.sslmode", "sslmode");
        parameters.put("database.sslcert", "sslcert");
        parameters.put("database.sslkey", "sslkey");
        parameters.put(ROOT_CERTIFICATE, "sslrootcert");
        parameters.put("database.sslpassword", "sslpassword");
        parameters.put(KEEP_ALIVE, "keepalives");
        return parameters;
    }
}
