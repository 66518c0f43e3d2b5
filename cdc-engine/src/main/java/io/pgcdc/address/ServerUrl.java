package io.pgcdc.address;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a connection string: a libpq URI, a libpq keyword string, or a JDBC URL. Missing values come from the PG* variables, then
 * from libpq's defaults (localhost, 5432, the operating system's user, the database named like the user).
 */
public final class ServerUrl {

    private static final String FORM = "write postgresql://user@host:5432/database";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.:-]{0,30})://.*", Pattern.DOTALL);
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,16})?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,255}");

    /**
     * Variables that pgcdc does not support. libpq would connect elsewhere or be stricter, so pgcdc refuses them instead of
     * ignoring them.
     */
    private static final Map<String, String> REFUSED_VARIABLES = Map.of(
            "PGSERVICE", "unset it and write the service's values in the URL",
            "PGHOSTADDR", "unset it and set PGHOST to the address",
            "PGSSLCRL", "unset it, revocation lists are not read",
            "PGSSLCRLDIR", "unset it, revocation lists are not read",
            "PGSSLMINPROTOCOLVERSION", "unset it, set the JVM's jdk.tls.client.protocols instead",
            "PGSSLMAXPROTOCOLVERSION", "unset it, set the JVM's jdk.tls.client.protocols instead");

    /** The type of a setting whose value is a connection string of any form. */
    public static final SettingType<ServerAddress> SETTING = SettingType.one("connection string", "", ServerUrl::alone);

    private final ConnectionText text;
    private final Map<String, String> environment;
    private final Problems problems;

    private ServerUrl(ConnectionText text, Map<String, String> environment, Problems problems) {
        this.text = text;
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * Reads a text without a place in a file, such as an argument of a program that embeds the engine.
     *
     * @throws io.pgcdc.error.ConfigException with all problems
     */
    public static ServerAddress parse(String url, Map<String, String> environment, String osUser) {
        Problems problems = new Problems();
        ServerAddress address = parse(Given.text("url", url, Place.DEFAULT), environment, osUser, problems);
        problems.throwIfAny();
        if (address == null) {
            throw new IllegalStateException("neither address nor problem");
        }
        return address;
    }

    /**
     * @param environment the process's variables; only PG* are read
     * @param osUser the user name if neither text nor environment has one
     * @return null if there are problems, which are then added
     */
    public static @Nullable ServerAddress parse(
            Given url, Map<String, String> environment, String osUser, Problems problems) {
        int before = problems.count();
        ConnectionText text = new ConnectionText(url, problems);
        readForm(text);
        ServerUrl reader = new ServerUrl(text, environment, problems);
        ServerAddress address = text.failed() ? null : reader.complete(osUser);
        return problems.count() > before ? null : address;
    }

    private static ServerAddress alone(String text) {
        try {
            return parse(text, Map.of(), System.getProperty("user.name", ""));
        } catch (ConfigException e) {
            throw new IllegalArgumentException("postgresql://user@host:5432/database", e);
        }
    }

    private static void readForm(ConnectionText text) {
        String url = text.text().strip();
        for (String scheme : List.of("postgresql://", "postgres://")) {
            if (url.startsWith(scheme)) {
                LibpqUri.read(url.substring(scheme.length()), text);
                return;
            }
        }
        String jdbc = "jdbc:postgresql:";
        var other = SCHEME.matcher(url);
        if (url.startsWith(jdbc)) {
            JdbcUrl.read(url.substring(jdbc.length()), text);
        } else if (other.matches()) {
            text.problem("scheme " + text.shown(other.group(1)) + " is not PostgreSQL's; " + FORM);
        } else if (url.indexOf('=') > 0) {
            LibpqKeywords.read(text);
        } else {
            text.problem("is not a connection string; " + FORM);
        }
    }

    private ServerAddress complete(String osUser) {
        new TreeMap<>(REFUSED_VARIABLES).forEach((variable, advice) -> {
            if (!environment.getOrDefault(variable, "").isEmpty()) {
                environmentProblem(variable, variable + " is set and not supported; " + advice);
            }
        });
        Map<ConnectionParameter, String> parameters = new EnumMap<>(ConnectionParameter.class);
        for (ConnectionParameter parameter : ConnectionParameter.values()) {
            String value = find(parameter);
            if (value != null) {
                parameters.put(parameter, value);
            }
        }
        checkRootCertificate(parameters);
        List<HostPort> hosts = hosts();
        parameters.remove(ConnectionParameter.HOST);
        parameters.remove(ConnectionParameter.PORT);
        String user = parameters.remove(ConnectionParameter.USER);
        String database = parameters.remove(ConnectionParameter.DBNAME);
        String password = parameters.remove(ConnectionParameter.PASSWORD);
        String effectiveUser = user != null ? user : osUser;
        return new ServerAddress(
                hosts,
                database != null ? database : effectiveUser,
                effectiveUser,
                password == null ? null : Password.fixed(password),
                parameters);
    }

    private void checkRootCertificate(Map<ConnectionParameter, String> parameters) {
        String mode = parameters.getOrDefault(ConnectionParameter.SSLMODE, ServerAddress.DEFAULT_SSLMODE);
        if (parameters.containsKey(ConnectionParameter.SSLROOTCERT) && !mode.startsWith("verify-")) {
            // if there is a root certificate, libpq checks the server's certificate in every mode; pgjdbc does not
            problem(
                    ConnectionParameter.SSLROOTCERT,
                    "sslrootcert has no effect with sslmode=" + mode + "; write sslmode=verify-ca or verify-full");
        }
    }

    private List<HostPort> hosts() {
        String hostText = find(ConnectionParameter.HOST);
        List<String> names = List.of((hostText == null ? "" : hostText).split(",", -1));
        List<String> ports =
                ports(text.get(ConnectionParameter.PORT), names.size(), ConnectionParameter.PORT.libpqName());
        List<String> fallback = ports(environment.get("PGPORT"), names.size(), "PGPORT");
        List<HostPort> hosts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String port = !ports.get(i).isEmpty() ? ports.get(i) : fallback.get(i);
            hosts.add(new HostPort(
                    host(names.get(i).strip()), port(port, ports.get(i).isEmpty())));
        }
        checkSocket(hosts);
        return hosts;
    }

    private void checkSocket(List<HostPort> hosts) {
        HostPort first = hosts.get(0);
        if (hosts.size() > 1 && hosts.stream().anyMatch(HostPort::isUnixSocket)) {
            problem(
                    ConnectionParameter.HOST,
                    "a Unix socket is one of several hosts; write it alone, it always leads to this machine's server");
        } else if (first.isUnixSocket() && !first.socketFileFits()) {
            problem(
                    ConnectionParameter.HOST,
                    "the socket's path is longer than " + HostPort.MAX_SOCKET_BYTES
                            + " bytes, the system's limit; write a shorter directory, or a host to use TCP");
        }
    }

    /** Splits the ports: one for all hosts, or one for each host. */
    private List<String> ports(@Nullable String given, int hosts, String label) {
        String[] ports = given == null ? new String[] {""} : given.split(",", -1);
        if (ports.length != 1 && ports.length != hosts) {
            String message = "has " + ports.length + " ports for " + hosts + (hosts == 1 ? " host" : " hosts")
                    + "; write one for all, or one for each";
            if (label.equals("PGPORT")) {
                environmentProblem(label, label + " " + message);
            } else {
                text.problem(message);
            }
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            all.add(ports.length == hosts ? ports[i].strip() : ports[0].strip());
        }
        return all;
    }

    private String host(String host) {
        if (host.isEmpty()) {
            return "localhost";
        }
        if (host.startsWith("/")) {
            return host;
        }
        if (host.startsWith("@")) {
            problem(
                    ConnectionParameter.HOST,
                    "abstract Unix sockets are not supported; write the directory of a socket file, such as /tmp, or a host");
        } else if (!(host.indexOf(':') >= 0 ? IPV6 : HOST).matcher(host).matches()) {
            problem(
                    ConnectionParameter.HOST,
                    "host is " + text.shown(host) + "; write a name of a-z 0-9 . _ - or an address");
        }
        return host;
    }

    private int port(String port, boolean fromEnvironment) {
        if (port.isEmpty()) {
            return ServerAddress.DEFAULT_PORT;
        }
        if (port.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= 65_535) {
                return number;
            }
        }
        if (fromEnvironment) {
            environmentProblem("PGPORT", "PGPORT is " + SettingReader.quote(port) + "; write 1 to 65535");
        } else {
            text.problem("port is " + text.shown(port) + "; write 1 to 65535");
        }
        return ServerAddress.DEFAULT_PORT;
    }

    /** Returns the value of the text, else that of the environment. */
    private @Nullable String find(ConnectionParameter parameter) {
        String value = text.get(parameter);
        String variable = parameter.variable();
        if (value != null || variable == null) {
            return value;
        }
        String fallback = environment.get(variable);
        if (fallback == null || fallback.isEmpty()) {
            return null;
        }
        try {
            parameter.check(fallback);
            return fallback;
        } catch (IllegalArgumentException e) {
            environmentProblem(
                    variable, variable + " is " + SettingReader.quote(fallback) + "; write " + e.getMessage());
            return null;
        }
    }

    /** Adds a problem. Names the variable if the value came from there. */
    private void problem(ConnectionParameter parameter, String message) {
        String variable = parameter.variable();
        if (text.get(parameter) == null && variable != null) {
            environmentProblem(variable, variable + ": " + message);
        } else {
            text.problem(message);
        }
    }

    private void environmentProblem(String variable, String message) {
        problems.add(ErrorCode.CONFIG_SOURCE_URL, Place.environment(variable), message);
    }
}
