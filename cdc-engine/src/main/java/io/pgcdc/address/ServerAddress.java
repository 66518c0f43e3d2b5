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
 * The database to connect to; the replication connection and the ordinary ones are made from it. Never prints a secret.
 *
 * @param hosts tried in this order; at least one
 * @param password null: none was given
 * @param parameters everything else, libpq's values
 */
public record ServerAddress(
        List<HostPort> hosts,
        String database,
        String user,
        @Nullable String password,
        Map<ConnectionParameter, String> parameters)
        implements SettingType.Shown {

    public static final int DEFAULT_PORT = 5432;

    /** What libpq does when nothing is said: TLS when the server offers it. */
    public static final String DEFAULT_SSLMODE = "prefer";

    private static final String MASK = "****";

    /** Connects to the file that is its argument, whatever host the URL names. */
    private static final String UNIX_SOCKETS = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";

    public ServerAddress {
        hosts = List.copyOf(hosts);
        Map<ConnectionParameter, String> copy = new EnumMap<>(ConnectionParameter.class);
        copy.putAll(parameters);
        parameters = Collections.unmodifiableMap(copy);
    }

    public ServerAddress withPassword(String secret) {
        return new ServerAddress(hosts, database, user, secret, parameters);
    }

    public ServerAddress with(ConnectionParameter parameter, String value) {
        Map<ConnectionParameter, String> changed = new EnumMap<>(ConnectionParameter.class);
        changed.putAll(parameters);
        changed.put(parameter, value);
        return new ServerAddress(hosts, database, user, password, changed);
    }

    /**
     * Each host alone, in the order to try them (`load_balance_hosts`). Whether it is a primary is for the caller to find out, so
     * `target_session_attrs` is left out.
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

    /** The file of the Unix socket that the server is reached through; null: over TCP. */
    public @Nullable String unixSocket() {
        return hosts.get(0).isUnixSocket() ? hosts.get(0).socketFile() : null;
    }

    /** Hosts and database for pgjdbc; all the rest is in {@link #properties}. With a Unix socket the host there stands for nothing. */
    public String jdbcUrl() {
        String server =
                unixSocket() == null ? hostList() : "localhost:" + hosts.get(0).port();
        return "jdbc:postgresql://" + server + "/" + PercentEncoding.encode(database);
    }

    /** For pgjdbc, with user and password. A new object each time: callers add their own. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("sslmode", DEFAULT_SSLMODE);
        properties.setProperty("ApplicationName", "pgcdc");
        // as libpq does and pgjdbc does not: a vanished server must be noticed
        properties.setProperty("tcpKeepAlive", "true");
        if (hosts.size() > 1) {
            // capture needs the primary, whichever host that is after a failover
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
            // as libpq has it: what does not leave the machine is not encrypted
            properties.setProperty("sslmode", "disable");
            properties.setProperty("gssEncMode", "disable");
        }
        return properties;
    }

    /** For messages: {@code localhost:5432/shop as cdc}. */
    public String describe() {
        return hostList() + "/" + database + " as " + user;
    }

    /** A libpq URI that says all of it, secrets masked. */
    public String uri() {
        String userInfo = PercentEncoding.encode(user) + (password == null ? "" : ":" + MASK);
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
