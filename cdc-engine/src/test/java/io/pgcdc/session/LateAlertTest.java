package io.pgcdc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;

/**
 * The server has closed the connection before the login writes its first message. With TLS 1.3 it can: it judges the client's certificate when the
 * client's handshake is over. The server here speaks TLS as PostgreSQL's does, and nothing else.
 */
class LateAlertTest {

    private static final char[] NO_PASSWORD = {};

    @TempDir
    static Path files;

    /** Opens when the client has sent all of its handshake. */
    private static volatile CountDownLatch sent = new CountDownLatch(1);

    /** Opens when the server has closed the connection. */
    private static volatile CountDownLatch closed = new CountDownLatch(1);

    @BeforeAll
    static void copy() throws Exception {
        for (String name : new String[] {"client.crt", "client.pem"}) {
            Path copy = files.resolve(name);
            try (InputStream from = resource(name)) {
                Files.copy(from, copy);
            }
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static InputStream resource(String name) {
        InputStream found = LateAlertTest.class.getResourceAsStream("/tls/" + name);
        if (found == null) {
            throw new IllegalStateException("there is no " + name);
        }
        return found;
    }

    /** Waits after the handshake until the server has closed. pgjdbc creates it by its name. */
    public static final class LateFactory extends TlsFactory {

        public LateFactory(Properties properties) throws PSQLException {
            super(properties);
        }

        @Override
        protected Socket wrapped(SSLSocket tls) {
            return new TlsSocket(tls) {
                @Override
                public void startHandshake() throws IOException {
                    super.startHandshake();
                    sent.countDown();
                    await(closed);
                }
            };
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS), "the other side takes too long");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(boolean trusts) throws Exception {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        Certificate certificate;
        byte[] key;
        try (InputStream ofCertificate = resource("server.crt");
                InputStream ofKey = resource("server.pem")) {
            certificate = certificates.generateCertificate(ofCertificate);
            String pem = new String(ofKey.readAllBytes(), StandardCharsets.US_ASCII);
            key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(key)),
                NO_PASSWORD,
                new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        KeyManager[] own = keys.getKeyManagers();
        context.init(own, new TrustManager[] {judge(trusts)}, null);
        return context;
    }

    private static X509TrustManager judge(boolean trusts) {
        return new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                if (!trusts) {
                    await(sent);
                    throw new CertificateException("nobody is trusted");
                }
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {
                throw new IllegalStateException("this is the server");
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
    }

    /** Answers one SSLRequest and one handshake, and closes with a reset. */
    private static void serve(ServerSocket listener, boolean trusts) {
        try (Socket raw = listener.accept()) {
            raw.setSoLinger(true, 0);
            new DataInputStream(raw.getInputStream()).readFully(new byte[8]);
            raw.getOutputStream().write('S');
            SSLSocket tls =
                    (SSLSocket) context(trusts).getSocketFactory().createSocket(raw, "localhost", raw.getPort(), false);
            tls.setUseClientMode(false);
            tls.setNeedClientAuth(true);
            tls.startHandshake();
        } catch (SSLException refused) {
            assertTrue(!trusts, refused.toString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            closed.countDown();
        }
    }

    private static SourceException refused(boolean trusts) throws Exception {
        sent = new CountDownLatch(1);
        closed = new CountDownLatch(1);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(listener, trusts), "server");
            server.start();
            ServerAddress address = ServerUrl.parse(
                    "postgresql://postgres@127.0.0.1:" + listener.getLocalPort() + "/shop?sslmode=require&sslcert="
                            + files.resolve("client.crt") + "&sslkey=" + files.resolve("client.pem"),
                    Map.of(),
                    "nobody");
            Properties properties = address.properties();
            PGProperty.SSL_FACTORY.set(properties, LateFactory.class.getName());
            SourceException e = assertThrows(
                    SourceException.class,
                    () -> PinnedLogin.connect(
                                    address.jdbcUrl(),
                                    properties,
                                    address.describe(),
                                    60_000,
                                    SessionSettings.OF_SOURCE,
                                    SourceErrors.LOGIN)
                            .close());
            server.join();
            return e;
        }
    }

    @Test
    void theAlertIsToldAlthoughTheWriteFailed() throws Exception {
        SourceException e = refused(false);
        assertEquals(ErrorCode.TLS_FAILED, e.code(), e.getMessage());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("the server ended the TLS handshake"), message);
        assertTrue(message.contains("certificate_unknown"), message);
    }

    /** A replication connection brings a factory of its own, which is one of these. */
    @Test
    void eachLoginHasAFactoryThatReadsTheAlert() {
        Properties own = new Properties();
        assertEquals(TlsFactory.class.getName(), PGProperty.SSL_FACTORY.getOrDefault(PinnedLogin.completed(own)));
        PGProperty.SSL_FACTORY.set(own, LateFactory.class.getName());
        assertEquals(LateFactory.class.getName(), PGProperty.SSL_FACTORY.getOrDefault(PinnedLogin.completed(own)));
    }

    /** Trying again may help. */
    @Test
    void aServerThatClosesWithoutAnAlertIsNotReachable() throws Exception {
        SourceException e = refused(true);
        assertEquals(ErrorCode.SOURCE_UNREACHABLE, e.code(), e.getMessage());
    }
}
