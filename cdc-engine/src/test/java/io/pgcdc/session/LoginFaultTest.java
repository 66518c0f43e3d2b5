package io.pgcdc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with certificates, keys and demands is named with its parameter. A real server, and real files, which are made for this test. */
class LoginFaultTest {

    @TempDir
    static Path files;

    private static PgServer server;

    @BeforeAll
    static void start() throws Exception {
        try (Stream<Path> made = Files.list(
                Path.of(LoginFaultTest.class.getResource("/tls/ca.crt").toURI()).getParent())) {
            for (Path file : made.toList()) {
                Path copy = Files.copy(file, files.resolve(file.getFileName()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            }
        }
        Files.setPosixFilePermissions(
                Files.copy(files.resolve("client.pem"), files.resolve("open.pem")),
                PosixFilePermissions.fromString("rw-r--r--"));
        use("server");
        Path hba = Files.writeString(files.resolve("hba.conf"), """
                hostssl certified all all cert
                hostnossl certified all all reject
                host all all all scram-sha-256
                """);
        server = PgServer.start(
                18,
                Map.of(
                        "ssl", "on",
                        "ssl_cert_file", files.resolve("used.crt").toString(),
                        "ssl_key_file", files.resolve("used.pem").toString(),
                        "ssl_ca_file", files.resolve("ca.crt").toString(),
                        "hba_file", hba.toString()));
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE certified");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertSays(SourceException e, String happened, String remedy) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(happened) && message.contains(remedy), message);
        assertFalse(message.contains("Check host and port"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sslcert=DIR/client.crt&sslkey=DIR/absent.pem | there is no file DIR/absent.pem; | Set sslkey to",
                "sslcert=DIR/absent.crt&sslkey=DIR/client.pem | there is no file DIR/absent.crt; | Set sslcert to",
                "sslcert=DIR/client.crt&sslkey=DIR/open.pem | DIR/open.pem\" has group or world access | sslkey: chmod 600",
                "sslcert=DIR/client.crt&sslkey=DIR/pkcs1.pem | the file of sslkey is no private key | openssl pkcs8 -topk8",
                "sslcert=DIR/client.crt&sslkey=DIR/encrypted.pem | the file of sslkey is no private key | openssl pkcs8 -topk8",
                "sslcert=DIR/client.crt&sslkey=DIR/other-client.pem | the server ended the TLS handshake | sslcert and sslkey must belong together",
                "sslcert=DIR/expired-client.crt&sslkey=DIR/expired-client.pem | the server ended the TLS handshake | be valid",
                "sslmode=verify-full&sslrootcert=DIR/other-ca.crt | no certificate in the file of sslrootcert has signed | Set sslrootcert",
                "sslmode=verify-full&sslrootcert=DIR/absent.crt | there is no file DIR/absent.crt; | Set sslrootcert to",
                "sslmode=verify-full&sslrootcert=DIR/client.pem | a file that should hold certificates does not | BEGIN CERTIFICATE",
            })
    void aFileOfTls(String parameters, String happened, String remedy) {
        SourceException e =
                refused("certified", parameters.contains("sslmode") ? parameters : parameters + "&sslmode=require");
        assertEquals(ErrorCode.TLS_FAILED, e.code(), e.getMessage());
        assertSays(e, happened.replace("DIR", files.toString()), remedy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "certified | sslmode=require                       | connection requires a valid client certificate | set sslcert and sslkey",
                "certified | sslmode=disable                       | pg_hba.conf rejects connection | sslmode=require",
                "postgres  | sslmode=require&require_auth=md5      | another kind of authentication than require_auth allows | Change require_auth",
                "postgres  | sslmode=disable&channel_binding=require | channel_binding=require demands | channel_binding=prefer",
                "postgres  | gssencmode=require                    | GSS | gssencmode=disable",
            })
    void aDemandOfOneSide(String database, String parameters, String happened, String remedy) {
        SourceException e = refused(database, parameters);
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, e.code(), e.getMessage());
        assertSays(e, happened, remedy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other-host | the server's certificate is for another host name | sslmode=verify-ca",
                "expired-server | the server's certificate is not valid now: NotAfter: | Renew it on the server",
            })
    void theServersCertificate(String certificate, String happened, String remedy) throws Exception {
        use(certificate);
        String parameters = "sslmode=verify-full&sslrootcert=DIR/ca.crt";
        Await.until("the server's new certificate", () -> !connects(parameters));
        SourceException e = refused("postgres", parameters);
        assertEquals(ErrorCode.TLS_FAILED, e.code(), e.getMessage());
        assertSays(e, happened, remedy);
        use("server");
        Await.until("the server's certificate", () -> connects(parameters));
    }

    /** The server reads them again. */
    private static void use(String certificate) throws Exception {
        for (String kind : List.of(".crt", ".pem")) {
            Files.copy(
                    files.resolve(certificate + kind),
                    files.resolve("used" + kind),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        if (server != null) {
            server.ask("SELECT pg_reload_conf()");
        }
    }

    private static boolean connects(String parameters) {
        try {
            connect("postgres", parameters).close();
            return true;
        } catch (SourceException | SQLException e) {
            return false;
        }
    }

    private static Connection connect(String database, String parameters) {
        String url = "postgresql://postgres@localhost:" + server.port() + "/" + database + "?passfile="
                + PgServer.passFile() + "&" + parameters.replace("DIR", files.toString());
        ServerAddress address = ServerUrl.parse(url, Map.of(), "nobody");
        return PinnedLogin.connect(
                address.jdbcUrl(),
                address.properties(),
                address.describe(),
                60_000,
                SessionSettings.OF_SOURCE,
                SourceErrors.LOGIN);
    }

    private static SourceException refused(String database, String parameters) {
        return assertThrows(
                SourceException.class, () -> connect(database, parameters).close());
    }
}
