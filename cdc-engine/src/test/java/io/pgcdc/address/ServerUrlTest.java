package io.pgcdc.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerUrlTest {

    private static ServerAddress parse(String url) {
        return ServerUrl.parse(url, Map.of(), "osuser");
    }

    /** The only problem's message, after the label. */
    private static String problem(String url, Map<String, String> environment) {
        ConfigException e = assertThrows(ConfigException.class, () -> ServerUrl.parse(url, environment, "osuser"));
        assertEquals(ErrorCode.CONFIG_SOURCE_URL, e.code());
        String[] lines = String.valueOf(e.getMessage()).split("\n", -1);
        assertEquals(2, lines.length, e.describe());
        assertEquals("1 problem in the configuration:", lines[0]);
        return lines[1].strip().replace("configuration: CDC-008 url: ", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://                                   | localhost:5432/osuser as osuser",
                "postgres://h                                    | h:5432/osuser as osuser",
                "postgresql://u@h/d                              | h:5432/d as u",
                "postgresql://u:p@h:6000                         | h:6000/u as u",
                "postgresql:///d?user=u&host=h&port=6000         | h:6000/d as u",
                "postgresql://u@h1:1,h2,[::1]:3/d                | h1:1,h2:5432,[::1]:3/d as u",
                "postgresql://u@[fe80::1%25eth0]/d               | [fe80::1%eth0]:5432/d as u",
                "postgresql://a%40b:c%2F%3A@h/my%20db            | h:5432/my db as a@b",
                "postgresql://u%C3%A9@h/d%3Fx                    | h:5432/d?x as ué",
                "host=h dbname=d user=u                          | h:5432/d as u",
                "host = h  dbname = 'my db' user='o\\'k'         | h:5432/my db as o'k",
                "host=a,b port=1,2 user=u                        | a:1,b:2/u as u",
                "host=a,::1 port=7 user=u                        | a:7,[::1]:7/u as u",
                "host='' user=u                                  | localhost:5432/u as u",
                "jdbc:postgresql://h:6000/d?user=u&password=p    | h:6000/d as u",
                "jdbc:postgresql:d?user=u                        | localhost:5432/d as u",
                "jdbc:postgresql://h1,[::1]:2/d?user=a+b%2B      | h1:5432,[::1]:2/d as a b+",
                "jdbc:postgresql:///d                            | localhost:5432/d as osuser",
            })
    void threeFormsOfConnectionStringsNameHostDatabaseAndUser(String url, String described) {
        assertEquals(described, parse(url).describe());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql://h/d                        | scheme \"mysql\" is not PostgreSQL's; write postgresql://user@host:5432/database",
                "jdbc:mysql://h/d                   | scheme \"jdbc:mysql\" is not PostgreSQL's; write postgresql://user@host:5432/database",
                "shop                               | is not a connection string; write postgresql://user@host:5432/database",
                "postgresql:/h/d                    | is not a connection string; write postgresql://user@host:5432/database",
                "postgresql://h/d?sslmod=require    | unknown parameter \"sslmod\"; did you mean \"sslmode\"?",
                "postgresql://h/d?connectTimeout=5  | unknown parameter \"connectTimeout\"; did you mean \"connect_timeout\"?",
                "jdbc:postgresql://h/d?connect_timeout=5 | unknown parameter \"connect_timeout\"; did you mean \"connectTimeout\"?",
                "postgresql://h/d?sslmode=on        | sslmode is \"on\"; write one of allow, disable, prefer, require, verify-ca, verify-full",
                "postgresql://h/d?connect_timeout=0 | connect_timeout is \"0\"; write 1 to 600 seconds",
                "postgresql://h/d?replication=database | replication is not supported; remove it, pgcdc sets it itself",
                "postgresql://h/d?service=x         | service is not supported; write the service's values here, service files are not read",
                "postgresql://h/d?ssl=true          | ssl is not supported; write sslmode=require, or sslmode=verify-full to check the server",
                "postgresql://h/d?sslmode           | parameter \"sslmode\" has no value; write sslmode=value",
                "postgresql://h/d?options=a=b       | a parameter has two =; write %3D for = in a value",
                "postgresql://h/d?user=a&user=b     | user is given twice; write it once",
                "postgresql://u@h/d?user=b          | user is given twice; write it once",
                "postgresql://h:x/d                 | port is \"x\"; write 1 to 65535",
                "postgresql://h:0/d                 | port is \"0\"; write 1 to 65535",
                "postgresql://h:65536/d             | port is \"65536\"; write 1 to 65535",
                "postgresql://h:99999999999/d       | port is \"99999999999\"; write 1 to 65535",
                "postgresql://[::1/d                | an IPv6 address has no closing bracket; write [::1]:5432",
                "postgresql://[::1]5/d              | only a colon and a port may follow [ ]; write [::1]:5432",
                "postgresql://::1/d                 | a host has two colons; write an IPv6 address in brackets: [::1]:5432",
                "postgresql://a%zz/d                | escapes cannot be read; write two hexadecimal digits after each %, and %25 for % itself",
                "postgresql://h/d%0                 | escapes cannot be read; write two hexadecimal digits after each %, and %25 for % itself",
                "postgresql://h/d%00                | escapes cannot be read; write no %00, a zero byte is not allowed",
                "postgresql://h/d%ff                | escapes cannot be read; write percent escapes that are UTF-8",
                "postgresql://%2Fvar%2Frun,h/d      | a Unix socket is one of several hosts; write it alone, it always leads to this machine's server",
                "host=@abstract                     | abstract Unix sockets are not supported; write the directory of a socket file, such as /tmp, or a host",
                "host=/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123 | the socket's path is longer than 107 bytes, the system's limit; write a shorter directory, or a host to use TCP",
                "postgresql://my_hoßt/d             | host is \"my_hoßt\"; write a name of a-z 0-9 . _ - or an address",
                "host=a,b port=1,2,3                | has 3 ports for 2 hosts; write one for all, or one for each",
                "host=a user                        | parameter \"user\" has no value; write user=value",
                "user='open                         | a quote is not closed; write \\' for ' in a value",
                "jdbc:postgresql://u:p@h/d          | a JDBC URL has no user before the host; write ?user=…&password=… at its end",
                "jdbc:postgresql://h/a/b            | there are too many /; write jdbc:postgresql://host:5432/database",
                "jdbc:postgresql://h/d?targetServerType=preferPrimary | targetServerType is \"preferPrimary\"; write one of any, preferSecondary, primary, secondary",
                "postgresql://h/d?sslkey=client.key | sslkey is \"client.key\"; write a path that ends in .pem (RSA, PKCS-8), .p12, .pfx, .pk8 or .der",
                "postgresql://h/d?sslrootcert=system&sslmode=verify-full | sslrootcert is \"system\"; write the path of a file; the system's own certificates are not read",
                "postgresql://h/d?sslrootcert=ca.crt&sslmode=require | sslrootcert has no effect with sslmode=require; write sslmode=verify-ca or verify-full",
            })
    void wrongConnectionStringSaysWhatToWrite(String url, String message) {
        assertEquals(message, problem(url, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://u:s3cr/et@h/d",
                "postgresql://u:s3cr@et@h/d",
                "postgresql://u:s3cr%zzet@h/d",
                "postgresql://u:s3cr/x?et@h/d",
                "postgresql://h/d?password=s3cr&et",
                "postgresql://h/d?password=s3cr&et=1",
                "postgresql://h/d?password=s3cr=et",
                "jdbc:postgresql://h/d?password=s3cr&et=1",
                "jdbc:postgresql://u:s3cret@h/d",
                "password=s3cr et host=h",
                "password='s3cret",
                "s3cret",
                "x/u:s3cret@h/d",
            })
    void messagesNeverRepeatWhatMayBeAPassword(String url) {
        String message = problem(url, Map.of());
        assertFalse(message.contains("s3cr") || message.contains("\"et"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PGPORT | x | environment: CDC-008 PGPORT is \"x\"; write 1 to 65535",
                "PGHOST | @x | environment: CDC-008 PGHOST: abstract Unix sockets are not supported; write the directory of a socket file, such as /tmp, or a host",
                "PGPORT | 1,2 | environment: CDC-008 PGPORT has 2 ports for 1 host; write one for all, or one for each",
                "PGSSLMODE | no | environment: CDC-008 PGSSLMODE is \"no\"; write one of allow, disable, prefer, require, verify-ca, verify-full",
                "PGCONNECT_TIMEOUT | 1h | environment: CDC-008 PGCONNECT_TIMEOUT is \"1h\"; write 1 to 600 seconds",
                "PGSERVICE | prod | environment: CDC-008 PGSERVICE is set and not supported; unset it and write the service's values in the URL",
                "PGHOSTADDR | 10.0.0.1 | environment: CDC-008 PGHOSTADDR is set and not supported; unset it and set PGHOST to the address",
                "PGSSLROOTCERT | ca.crt | environment: CDC-008 PGSSLROOTCERT: sslrootcert has no effect with sslmode=prefer; write sslmode=verify-ca or verify-full",
            })
    void wrongVariableIsBlamedByName(String variable, String value, String message) {
        assertEquals(message, problem("postgresql://", Map.of(variable, value)));
    }

    @Test
    void everyMissingPartComesFromTheEnvironment() {
        Map<String, String> environment = Map.of(
                "PGHOST", "envhost",
                "PGPORT", "6000",
                "PGDATABASE", "envdb",
                "PGUSER", "envuser",
                "PGPASSWORD", "envpass",
                "PGAPPNAME", "envapp",
                "PGSSLMODE", "disable");
        ServerAddress address = ServerUrl.parse("postgresql://", environment, "osuser");
        assertEquals("envhost:6000/envdb as envuser", address.describe());
        assertEquals("envpass", address.currentPassword());
        assertEquals("envapp", address.properties().getProperty("ApplicationName"));
        assertEquals("disable", address.properties().getProperty("sslmode"));
    }

    @Test
    void theUrlBeatsTheEnvironment() {
        Map<String, String> environment = Map.of(
                "PGHOST",
                "/tmp",
                "PGPORT",
                "6000",
                "PGDATABASE",
                "envdb",
                "PGUSER",
                "envuser",
                "PGPASSWORD",
                "envpass");
        ServerAddress address = ServerUrl.parse("postgresql://u:p@h1,h2:2/d", environment, "osuser");
        assertEquals("h1:6000,h2:2/d as u", address.describe());
        assertEquals("p", address.currentPassword());
    }

    @Test
    void theDatabaseIsNamedLikeTheUserWhereverThatCameFrom() {
        assertEquals(
                "localhost:5432/envuser as envuser",
                ServerUrl.parse("postgresql://", Map.of("PGUSER", "envuser"), "osuser")
                        .describe());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u@%2Fvar%2Frun%2Fpostgresql:6000/d?sslmode=require",
        "postgresql://u@/d?host=/var/run/postgresql&port=6000",
        "host=/var/run/postgresql port=6000 user=u dbname=d"
    })
    void aHostThatBeginsWithASlashIsTheDirectoryOfAUnixSocket(String url) {
        ServerAddress address = parse(url);
        assertEquals("/var/run/postgresql/.s.PGSQL.6000", address.unixSocket());
        assertEquals("/var/run/postgresql/.s.PGSQL.6000/d as u", address.describe());
        assertEquals("jdbc:postgresql://localhost:6000/d", address.jdbcUrl());
        assertEquals("/var/run/postgresql/.s.PGSQL.6000", address.properties().getProperty("socketFactoryArg"));
        assertEquals("disable", address.properties().getProperty("sslmode"));
        assertEquals(address.hosts(), parse(address.uri()).hosts());
    }

    /** As libpq has it. */
    @Test
    void aPasswordFileKnowsADefaultDirectoryAsLocalhost() {
        PassFile file = new PassFile(List.of(
                "/tmp:6000:d:u:three",
                "localhost:5432:d:u:one",
                "localhost:6000:d:u:four",
                "/srv/sockets:5432:d:u:two"));
        assertEquals("one", file.find(parse("host=/tmp").hosts().get(0), "d", "u"));
        assertEquals("three", file.find(parse("host=/tmp port=6000").hosts().get(0), "d", "u"));
        assertEquals("two", file.find(parse("host=/srv/sockets").hosts().get(0), "d", "u"));
    }

    @Test
    void defaultsForPgjdbcAreThoseOfLibpq() {
        Properties properties = parse("postgresql://u@h").properties();
        assertEquals(
                Map.of("user", "u", "sslmode", "prefer", "ApplicationName", "pgcdc", "tcpKeepAlive", "true"),
                properties);
        assertNull(parse("postgresql://u@h").currentPassword());
    }

    @Test
    void libpqParametersBecomePgjdbcProperties() {
        Properties properties = parse(
                        "postgresql://u@h/d?target_session_attrs=read-write&load_balance_hosts=random&keepalives=0"
                                + "&connect_timeout=7&options=-c%20a%3Db&channel_binding=require&passfile=/x"
                                + "&sslmode=verify-full&sslrootcert=/ca.crt&sslcert=/c.crt&sslkey=/c.pem")
                .properties();
        assertEquals("primary", properties.getProperty("targetServerType"));
        assertEquals("true", properties.getProperty("loadBalanceHosts"));
        assertEquals("false", properties.getProperty("tcpKeepAlive"));
        assertEquals("7", properties.getProperty("connectTimeout"));
        assertEquals("-c a=b", properties.getProperty("options"));
        assertEquals("require", properties.getProperty("channelBinding"));
        assertEquals("verify-full", properties.getProperty("sslmode"));
        assertEquals("/ca.crt", properties.getProperty("sslrootcert"));
        assertEquals("/c.crt", properties.getProperty("sslcert"));
        assertEquals("/c.pem", properties.getProperty("sslkey"));
        assertNull(properties.getProperty("passfile"), "pgjdbc must not read what we read");
    }

    @Test
    void secretsStandInThePropertiesAlone() {
        ServerAddress address = parse("postgresql://u:hunter2@h/d?sslpassword=hunter3");
        assertEquals("hunter2", address.properties().getProperty("password"));
        assertEquals("hunter3", address.properties().getProperty("sslpassword"));
        for (String shown : new String[] {address.toString(), address.describe(), address.jdbcUrl(), address.uri()}) {
            assertFalse(shown.contains("hunter"), shown);
        }
        assertEquals("postgresql://u:****@h:5432/d?sslpassword=****", address.uri());
    }
}
