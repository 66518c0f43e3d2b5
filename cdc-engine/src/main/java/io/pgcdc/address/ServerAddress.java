package io.pgcdc.address;

import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The database to connect to, for the replication connection and for ordinary ones. Never prints a secret.
 *
 * @param hosts tried in this order; at least one
 * @param password null if none was given; asked at each connect
 * @param parameters all others, with libpq's values
 */
public record ServerAddress(
        List<HostPort> hosts,
        String database,
        String user,
        @Nullable Password password,
        Map<ConnectionParameter, String> parameters)
        implements SettingType.Shown {

    public static final int DEFAULT_PORT = 5432;

    /** libpq's default: TLS if the server offers it. */
    public static final String DEFAULT_SSLMODE = "prefer";

    static final String MASK = "****";

    /** Connects to the file in its argument, and ignores the URL's host. */
    private static final String UNIX_SOCKETS = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";

    public ServerAddress {
        hosts = List.copyOf(hosts);
        Map<ConnectionParameter, String> copy = new EnumMap<>(ConnectionParameter.class);
        copy.putAll(parameters);
        parameters = Collections.unmodifiableMap(copy);
    }

    public ServerAddress with(Password source) {
        return new ServerAddress(hosts, database, user, source, parameters);
    }

    /**
     * Returns the password as of now, or null if there is none. May block for as long as connect_timeout.
     *
     * @throws io.pgcdc.error.SourceException PASSWORD_UNAVAILABLE
     */
    public @Nullable String currentPassword() {
        return password == null ? null : password.ask(this);
    }

    /** Returns true if a refused login may pass, because the next one may use another password. */
    public boolean mayPasswordChange() {
        return password != null && password.mayChange();
    }

    public ServerAddress with(ConnectionParameter parameter, String value) {
        Map<ConnectionParameter, String> changed = new EnumMap<>(ConnectionParameter.class);
        changed.putAll(parameters);
        changed.put(parameter, value);
        return new ServerAddress(hosts, database, user, password, changed);
    }

    /**
     * Returns each host alone, in the order to try them (`load_balance_hosts`). Drops `target_session_attrs`: the caller finds out
     * which host is a primary.
     */
    public List<ServerAddress> each() {
        if (hosts.size() == 1) {
            return List.of(this);
        }
        List<HostPort> order = new ArrayList<>(hosts);
        if ("random".equals(parameters.get(ConnectionParameter.LOAD_BALANCE_HOSTS))) {
            Collections.shuffle(order);
        }
        Map<ConnectionParameter, String> others = new EnumMap<>(ConnectionParameter.class);
        others.putAll(parameters);
        others.remove(ConnectionParameter.LOAD_BALANCE_HOSTS);
        others.remove(ConnectionParameter.TARGET_SESSION_ATTRS);
        return order.stream()
                .map(host -> new ServerAddress(List.of(host), database, user, password, others))
                .toList();
    }

    /** Returns the file of the server's Unix socket, or null for TCP. */
    public @Nullable String unixSocket() {
        return hosts.get(0).isUnixSocket() ? hosts.get(0).socketFile() : null;
    }

    /**
     * Returns the URL for pgjdbc, with hosts and database; {@link #properties} has the rest. With a Unix socket, the URL's host is
     * a placeholder.
     */
    public String jdbcUrl() {
        String server =
                unixSocket() == null ? hostList() : "localhost:" + hosts.get(0).port();
        return "jdbc:postgresql://" + server + "/" + PercentEncoding.encode(database);
    }

    /**
     * Returns pgjdbc's properties, with user and current password. Call it for each connect, because the password may change. A new
     * object each time: callers add their own.
     *
     * @throws io.pgcdc.error.SourceException PASSWORD_UNAVAILABLE
     */
    public Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        String secret = currentPassword();
        if (secret != null) {
            properties.setProperty("password", secret);
        }
        properties.setProperty("sslmode", DEFAULT_SSLMODE);
        properties.setProperty("ApplicationName", "pgcdc");
        // libpq's default, unlike pgjdbc's: it detects a server that is gone
        properties.setProperty("tcpKeepAlive", "true");
        if (hosts.size() > 1) {
            // capture needs the primary, which changes in a failover
            properties.setProperty("targetServerType", "primary");
        }
        parameters.forEach((parameter, value) -> {
            String name = parameter.jdbcName();
            if (name != null) {
                properties.setProperty(name, parameter.toJdbc(value));
            }
        });
        String socket = unixSocket();
        if (socket != null) {
            properties.setProperty("socketFactory", UNIX_SOCKETS);
            properties.setProperty("socketFactoryArg", socket);
            // like libpq: a connection within the machine is not encrypted
            properties.setProperty("sslmode", "disable");
            properties.setProperty("gssEncMode", "disable");
        }
        return properties;
    }

    /** Returns the address for messages: {@code localhost:5432/shop as cdc}. */
    public String describe() {
        return hostList() + "/" + database + " as " + user;
    }

    /** Returns a complete libpq URI, with secrets masked. */
    public String uri() {
        String userInfo = PercentEncoding.encode(user) + (password != null && password.inUri() ? ":" + MASK : "");
        String query = parameters.entrySet().stream()
                .map(e -> e.getKey().libpqName() + "="
                        + (e.getKey().secret() ? MASK : PercentEncoding.encode(e.getValue())))
                .collect(Collectors.joining("&"));
        String servers = hosts.stream().map(HostPort::inUri).collect(Collectors.joining(","));
        return "postgresql://" + userInfo + "@" + servers + "/" + PercentEncoding.encode(database)
                + (query.isEmpty() ? "" : "?" + query);
    }

    @Override
    public String shown() {
        return uri();
    }

    @Override
    public String toString() {
        return describe();
    }

    private String hostList() {
        return hosts.stream().map(HostPort::toString).collect(Collectors.joining(","));
    }
}
