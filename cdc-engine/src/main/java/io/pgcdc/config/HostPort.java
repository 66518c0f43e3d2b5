package io.pgcdc.config;

/**
 * One server to try.
 *
 * @param host name or address; an IPv6 address without brackets
 */
public record HostPort(String host, int port) {

    /** {@code localhost:5432}, {@code [::1]:5432}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
