package io.pgcdc.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.pgcdc.error.ConfigException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/** Any address, written in any form, is read back; pgjdbc itself is the oracle for what we hand to it. */
class ServerUrlPropertyTest {

    private static final int ROUNDS = 2_000;
    private static final String ALPHABET = "aZ09 @:/?#[]%&=+,'\\\"$\u00e9\u4e2d\uD83D\uDE00;|~!*()";
    private static final List<String> HOSTS =
            List.of("localhost", "db-1.example.com", "10.0.0.1", "::1", "2001:db8::7");

    private final long seed = Long.getLong("pgcdc.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private String text() {
        int[] points = ALPHABET.codePoints().toArray();
        return random.ints(1 + random.nextInt(12), 0, points.length)
                .map(i -> points[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private ServerAddress address() {
        List<HostPort> hosts = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            hosts.add(new HostPort(HOSTS.get(random.nextInt(HOSTS.size())), 1 + random.nextInt(65_535)));
        }
        return new ServerAddress(
                hosts, text(), text(), Password.fixed(text()), Map.of(ConnectionParameter.APPLICATION_NAME, text()));
    }

    private static String hosts(ServerAddress address) {
        return address.hosts().stream().map(HostPort::toString).collect(Collectors.joining(","));
    }

    private static String password(ServerAddress address) {
        String password = address.currentPassword();
        assertNotNull(password);
        return password;
    }

    private static String application(ServerAddress address) {
        return address.properties().getProperty("ApplicationName");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void assertReadBack(ServerAddress expected, String written) {
        ServerAddress read = ServerUrl.parse(written, Map.of(), "osuser");
        assertEquals(expected, read, () -> "seed " + seed + ": " + written);
    }

    @Test
    void libpqUriIsReadBack() {
        for (int i = 0; i < ROUNDS; i++) {
            ServerAddress a = address();
            assertReadBack(
                    a,
                    "postgresql://" + PercentEncoding.encode(a.user()) + ":" + PercentEncoding.encode(password(a)) + "@"
                            + hosts(a) + "/" + PercentEncoding.encode(a.database()) + "?application_name="
                            + PercentEncoding.encode(application(a)));
        }
    }

    @Test
    void keywordStringIsReadBack() {
        for (int i = 0; i < ROUNDS; i++) {
            ServerAddress a = address();
            String names = a.hosts().stream().map(HostPort::host).collect(Collectors.joining(","));
            String ports = a.hosts().stream().map(h -> "" + h.port()).collect(Collectors.joining(","));
            assertReadBack(
                    a,
                    "host=" + names + " port = " + ports + " dbname=" + quoted(a.database()) + " user="
                            + quoted(a.user()) + " password =" + quoted(password(a)) + "  application_name= "
                            + quoted(application(a)));
        }
    }

    @Test
    void jdbcUrlIsReadAsPgjdbcReadsIt() {
        for (int i = 0; i < ROUNDS; i++) {
            ServerAddress a = address();
            String url = "jdbc:postgresql://" + hosts(a) + "/" + form(a.database()) + "?user=" + form(a.user())
                    + "&password=" + form(password(a)) + "&ApplicationName=" + form(application(a));
            assertReadBack(a, url);
            Properties pgjdbc = Driver.parseURL(url, null);
            assertNotNull(pgjdbc, url);
            assertEquals(a.user(), pgjdbc.getProperty("user"), url);
            assertEquals(a.currentPassword(), pgjdbc.getProperty("password"), url);
            assertEquals(a.database(), pgjdbc.getProperty("PGDBNAME"), url);
        }
    }

    @Test
    void pgjdbcUnderstandsTheUrlAndPropertiesThatItIsGiven() {
        for (int i = 0; i < ROUNDS; i++) {
            ServerAddress a = address();
            Properties pgjdbc = Driver.parseURL(a.jdbcUrl(), a.properties());
            assertNotNull(pgjdbc, () -> "seed " + seed + ": " + a.jdbcUrl());
            assertEquals(a.database(), pgjdbc.getProperty("PGDBNAME"));
            String names = a.hosts().stream()
                    .map(h -> h.host().contains(":") ? "[" + h.host() + "]" : h.host())
                    .collect(Collectors.joining(","));
            assertEquals(names, pgjdbc.getProperty("PGHOST"));
            String ports = a.hosts().stream().map(h -> "" + h.port()).collect(Collectors.joining(","));
            assertEquals(ports, pgjdbc.getProperty("PGPORT"));
            assertEquals(a.user(), pgjdbc.getProperty("user"));
            assertEquals(a.currentPassword(), pgjdbc.getProperty("password"));
        }
    }

    @Test
    void anyTextEndsInAnAddressOrInAConfigException() {
        List<String> starts =
                List.of("", "postgresql://", "jdbc:postgresql://", "jdbc:postgresql:", "host=", "postgresql://u@h/d?");
        for (int i = 0; i < ROUNDS * 5; i++) {
            String url = starts.get(random.nextInt(starts.size())) + text() + text();
            try {
                assertEquals(
                        false, ServerUrl.parse(url, Map.of(), "osuser").hosts().isEmpty());
            } catch (ConfigException e) {
                assertEquals(true, e.describe().contains(" in the configuration:"), url);
            } catch (RuntimeException e) {
                fail("seed " + seed + ": " + url, e);
            }
        }
    }
}
