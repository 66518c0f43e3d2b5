package io.pgcdc.address;

import io.pgcdc.setting.SettingType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a connection string can say, under libpq's name (PostgreSQL documentation, "Parameter Key Words"), pgjdbc's name, and the
 * environment variable that stands in for it. Values are kept as libpq writes them.
 */
public enum ConnectionParameter {
    HOST("host", null, "PGHOST"),
    PORT("port", null, "PGPORT"),
    DBNAME("dbname", null, "PGDATABASE"),
    USER("user", "user", "PGUSER"),
    PASSWORD("password", "password", "PGPASSWORD"),
    /** Read by us; pgjdbc never hears of it. */
    PASSFILE("passfile", null, "PGPASSFILE"),
    SSLMODE(
            "sslmode",
            "sslmode",
            "PGSSLMODE",
            same("disable", "allow", "prefer", "require", "verify-ca", "verify-full")),
    SSLROOTCERT("sslrootcert", "sslrootcert", "PGSSLROOTCERT"),
    SSLCERT("sslcert", "sslcert", "PGSSLCERT"),
    SSLKEY("sslkey", "sslkey", "PGSSLKEY"),
    SSLPASSWORD("sslpassword", "sslpassword", null),
    SSLNEGOTIATION("sslnegotiation", "sslNegotiation", "PGSSLNEGOTIATION", same("postgres", "direct")),
    CHANNEL_BINDING("channel_binding", "channelBinding", "PGCHANNELBINDING", same("disable", "prefer", "require")),
    REQUIRE_AUTH("require_auth", "requireAuth", "PGREQUIREAUTH"),
    GSSENCMODE("gssencmode", "gssEncMode", "PGGSSENCMODE", same("disable", "prefer", "require")),
    KRBSRVNAME("krbsrvname", "kerberosServerName", "PGKRBSRVNAME"),
    CONNECT_TIMEOUT("connect_timeout", "connectTimeout", "PGCONNECT_TIMEOUT"),
    APPLICATION_NAME("application_name", "ApplicationName", "PGAPPNAME"),
    /** pgjdbc's "primary" asks for transaction_read_only = off: libpq's read-write, of which its primary is the usual case. */
    TARGET_SESSION_ATTRS(
            "target_session_attrs",
            "targetServerType",
            "PGTARGETSESSIONATTRS",
            Map.of(
                    "any", "any",
                    "read-write", "primary",
                    "primary", "primary",
                    "read-only", "secondary",
                    "standby", "secondary",
                    "prefer-standby", "preferSecondary")),
    LOAD_BALANCE_HOSTS(
            "load_balance_hosts",
            "loadBalanceHosts",
            "PGLOADBALANCEHOSTS",
            Map.of("disable", "false", "random", "true")),
    KEEPALIVES("keepalives", "tcpKeepAlive", null, Map.of("0", "false", "1", "true")),
    OPTIONS("options", "options", "PGOPTIONS");

    /** Longest wait for a connection, in seconds. */
    static final int MAX_CONNECT_TIMEOUT_S = 600;

    private static final List<String> KEY_FILES = List.of(".pem", ".p12", ".pfx", ".pk8", ".der");

    private final String libpqName;
    private final @Nullable String jdbcName;
    private final @Nullable String variable;
    /** libpq's value to pgjdbc's; empty: any text, the same for both. */
    @SuppressWarnings("ImmutableEnumChecker") // copied by Map.copyOf
    private final Map<String, String> values;

    ConnectionParameter(String libpqName, @Nullable String jdbcName, @Nullable String variable) {
        this(libpqName, jdbcName, variable, Map.of());
    }

    ConnectionParameter(
            String libpqName, @Nullable String jdbcName, @Nullable String variable, Map<String, String> values) {
        this.libpqName = libpqName;
        this.jdbcName = jdbcName;
        this.variable = variable;
        this.values = Map.copyOf(values);
    }

    public String libpqName() {
        return libpqName;
    }

    /** The property of pgjdbc; null when it has none, or says it in the URL. */
    public @Nullable String jdbcName() {
        return jdbcName;
    }

    /** The environment variable; null when there is none. */
    public @Nullable String variable() {
        return variable;
    }

    public boolean secret() {
        return this == PASSWORD || this == SSLPASSWORD;
    }

    static List<String> names(boolean jdbc) {
        return Arrays.stream(values())
                .map(p -> jdbc ? p.jdbcName : p.libpqName)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    static @Nullable ConnectionParameter find(String name, boolean jdbc) {
        for (ConnectionParameter parameter : values()) {
            if (name.equals(jdbc ? parameter.jdbcName : parameter.libpqName)) {
                return parameter;
            }
        }
        return null;
    }

    /**
     * libpq's value for what a JDBC URL says.
     *
     * @throws IllegalArgumentException whose message completes "write …"
     */
    String fromJdbc(String value) {
        if (values.isEmpty()) {
            return value;
        }
        return values.entrySet().stream()
                .filter(e -> e.getValue().equals(value))
                .map(Map.Entry::getKey)
                .min(String::compareTo)
                .orElseThrow(() -> new IllegalArgumentException(oneOf(values.values())));
    }

    /** @throws IllegalArgumentException whose message completes "write …" */
    void check(String value) {
        if (!values.isEmpty() && !values.containsKey(value)) {
            throw new IllegalArgumentException(oneOf(values.keySet()));
        }
        if (this == CONNECT_TIMEOUT) {
            SettingType<Long> seconds = SettingType.number(1, MAX_CONNECT_TIMEOUT_S);
            try {
                seconds.read(List.of(value));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(seconds.limits() + " seconds", e);
            }
        }
        if (this == SSLROOTCERT && value.equals("system")) {
            throw new IllegalArgumentException("the path of a file; the system's own certificates are not read");
        }
        if (this == SSLKEY && KEY_FILES.stream().noneMatch(value::endsWith)) {
            throw new IllegalArgumentException("a path that ends in .pem (RSA, PKCS-8), .p12, .pfx, .pk8 or .der");
        }
    }

    /** The value of pgjdbc's property. */
    String toJdbc(String value) {
        return values.getOrDefault(value, value);
    }

    private static Map<String, String> same(String... values) {
        return Arrays.stream(values).collect(java.util.stream.Collectors.toMap(v -> v, v -> v));
    }

    private static String oneOf(java.util.Collection<String> values) {
        return "one of " + String.join(", ", values.stream().distinct().sorted().toList());
    }
}
