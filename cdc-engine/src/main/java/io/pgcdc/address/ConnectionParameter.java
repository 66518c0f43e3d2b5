package io.pgcdc.address;

import io.pgcdc.setting.SettingType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a connection string: libpq's name (PostgreSQL documentation, "Parameter Key Words"), pgjdbc's name, and the
 * environment variable that is the fallback. Values have libpq's form.
 */
public enum ConnectionParameter {
    HOST("host", null, "PGHOST"),
    PORT("port", null, "PGPORT"),
    DBNAME("dbname", null, "PGDATABASE"),
    USER("user", "user", "PGUSER"),
    PASSWORD("password", "password", "PGPASSWORD"),
    /** Read by pgcdc; not passed to pgjdbc. */
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
    /**
     * pgjdbc's "primary" requires transaction_read_only = off, which is libpq's read-write. libpq's primary is the usual case of
     * that.
     */
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
    /** libpq's values and pgjdbc's; empty if any text is allowed and both use the same. */
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

    /** Returns pgjdbc's property; null if it has none, or has it in the URL. */
    public @Nullable String jdbcName() {
        return jdbcName;
    }

    /** Returns the environment variable, or null if there is none. */
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
     * Returns libpq's value for the value of a JDBC URL.
     *
     * @throws IllegalArgumentException with a message that completes "write …"
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

    /** @throws IllegalArgumentException with a message that completes "write …" */
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

    /** Returns the value of pgjdbc's property. */
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
