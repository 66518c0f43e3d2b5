package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes from a server with TLS reach a sink. The replication connection's socket lies below TLS. */
class TlsTest {

    private static final String PASSWORD = "for-a-test";

    @TempDir
    Path directory;

    private Path key;
    private Path certificate;

    /** Writes a key and a self-signed certificate in the server's format. */
    private void makeKey() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        key = pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded(), "server.key");
        certificate = pem("CERTIFICATE", keys.getCertificate("server").getEncoded(), "server.crt");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private Path pem(String kind, byte[] content, String name) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + kind + "-----\n");
    }

    @Test
    void changesArriveInBulkAndOneByOne() throws Exception {
        makeKey();
        Map<String, String> settings =
                Map.of("ssl", "on", "ssl_cert_file", certificate.toString(), "ssl_key_file", key.toString());
        try (PgServer server = PgServer.start(18, settings);
                TestSource source = new TestSource(server, directory)) {
            source.url(server.url(source.ask("SELECT current_database()")) + "?sslmode=require");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                assertEquals(
                        "t", source.ask("SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_replication r ON r.pid = s.pid"));
                source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 50000) n");
                for (int i = 50_001; i <= 50_100; i++) {
                    source.sql("INSERT INTO t VALUES (" + i + ", repeat('y', " + i + "))");
                }
                run.finish();
            }
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                source.endWalsender();
                source.assertLastWords(run.awaitEnd());
            }
            assertEquals(
                    IntStream.rangeClosed(1, 50_100).mapToObj(String::valueOf).toList(), sink.column("id"));
        }
    }
}
