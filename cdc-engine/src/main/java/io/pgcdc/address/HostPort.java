package io.pgcdc.address;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * One server to try.
 *
 * @param host name or address; an IPv6 address without brackets; or the directory of a Unix socket, which starts with a slash
 */
public record HostPort(String host, int port) {

    /** sun_path holds 108 bytes, including a zero byte at the end (unix(7)). */
    static final int MAX_SOCKET_BYTES = 107;

    /** Directories where libpq looks if no host is named: in PostgreSQL's build and in Debian's. */
    private static final Set<String> DEFAULT_DIRECTORIES = Set.of("/tmp", "/var/run/postgresql");

    /** Returns whether it is a server on this machine, reached through a socket file. */
    public boolean isUnixSocket() {
        return host.startsWith("/");
    }

    /** Returns the file of a Unix socket. */
    public String socketFile() {
        return host + "/.s.PGSQL." + port;
    }

    boolean socketFileFits() {
        return socketFile().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_BYTES;
    }

    /**
     * Returns whether a password file's host means this one. localhost also stands for libpq's default directory ("The Password
     * File").
     */
    boolean isCalled(String name) {
        return name.equals(host) || (name.equals("localhost") && DEFAULT_DIRECTORIES.contains(host));
    }

    /** Returns {@code localhost:5432}, {@code [::1]:5432}, {@code %2Ftmp:5432}. */
    String inUri() {
        return isUnixSocket() ? PercentEncoding.encode(host) + ":" + port : toString();
    }

    /** Returns {@code localhost:5432}, {@code [::1]:5432}, {@code /tmp/.s.PGSQL.5432}. */
    @Override
    public String toString() {
        return isUnixSocket() ? socketFile() : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
