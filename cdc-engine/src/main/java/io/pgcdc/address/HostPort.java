package io.pgcdc.address;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * One server to try.
 *
 * @param host name or address; an IPv6 address without brackets; or the directory of a Unix socket, which begins with a slash
 */
public record HostPort(String host, int port) {

    /** sun_path holds 108 bytes with the zero at its end (unix(7)). */
    static final int MAX_SOCKET_BYTES = 107;

    /** Where libpq looks when no host is named, as PostgreSQL and as Debian build it. */
    private static final Set<String> DEFAULT_DIRECTORIES = Set.of("/tmp", "/var/run/postgresql");

    /** Whether it is a server of this machine, reached through a file. */
    public boolean isUnixSocket() {
        return host.startsWith("/");
    }

    /** The file of a Unix socket. */
    public String socketFile() {
        return host + "/.s.PGSQL." + port;
    }

    boolean socketFileFits() {
        return socketFile().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_BYTES;
    }

    /** Whether a password file means it: literally, or as localhost, which stands for libpq's default directory, too ("The Password File"). */
    boolean isCalled(String name) {
        return name.equals(host) || (name.equals("localhost") && DEFAULT_DIRECTORIES.contains(host));
    }

    /** {@code localhost:5432}, {@code [::1]:5432}, {@code %2Ftmp:5432}. */
    String inUri() {
        return isUnixSocket() ? PercentEncoding.encode(host) + ":" + port : toString();
    }

    /** {@code localhost:5432}, {@code [::1]:5432}, {@code /tmp/.s.PGSQL.5432}. */
    @Override
    public String toString() {
        return isUnixSocket() ? socketFile() : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
