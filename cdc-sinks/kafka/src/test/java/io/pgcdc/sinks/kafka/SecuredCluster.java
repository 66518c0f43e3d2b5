package io.pgcdc.sinks.kafka;

import io.pgcdc.servers.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A broker that wants TLS and a login, and allows users what it is told to. */
final class SecuredCluster implements AutoCloseable {

    static final String USER = "cdc";
    static final String PASSWORD = "its-password";

    private static final String STORE_PASSWORD = "changeit";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final Path directory;
    private final KafkaBroker broker;

    SecuredCluster(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                "broker.p12");
        keytool("-exportcert", "-file", "broker.cer", "-keystore", "broker.p12");
        keytool("-importcert", "-noprompt", "-file", "broker.cer", "-keystore", "trust.p12");
        Map<String, String> properties = new HashMap<>();
        properties.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        properties.put(
                "listener.name.plaintext.plain.sasl.jaas.config",
                PLAIN + " username=\"admin\" password=\"a\" user_admin=\"a\" user_" + USER + "=\"" + PASSWORD + "\";");
        properties.put("ssl.keystore.location", directory.resolve("broker.p12").toString());
        properties.put("ssl.keystore.password", STORE_PASSWORD);
        properties.putAll(trust());
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:admin;User:ANONYMOUS");
        broker = KafkaBroker.start(properties);
    }

    private Map<String, String> trust() {
        return Map.of(
                "ssl.truststore.location",
                directory.resolve("trust.p12").toString(),
                "ssl.truststore.password",
                STORE_PASSWORD);
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "broker", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        Path log = directory.resolve("keytool.log");
        int exit = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException(Files.readString(log));
        }
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Those of a client. */
    Map<String, String> properties(String user, String password) {
        Map<String, String> properties = new HashMap<>(trust());
        properties.put("bootstrap.servers", bootstrapServers());
        properties.put("security.protocol", "SASL_SSL");
        properties.put("sasl.mechanism", "PLAIN");
        properties.put("sasl.jaas.config", PLAIN + " username=\"" + user + "\" password=\"" + password + "\";");
        return properties;
    }

    Map<String, String> admin() {
        return properties("admin", "a");
    }

    /** Allows the user operations on what begins so. */
    void allow(ResourceType type, String prefix, AclOperation... operations)
            throws ExecutionException, InterruptedException {
        ResourcePattern pattern = new ResourcePattern(type, prefix, PatternType.PREFIXED);
        Collection<AclBinding> all = List.of(operations).stream()
                .map(operation -> new AclBinding(
                        pattern, new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.ALLOW)))
                .toList();
        try (Admin admin = Admin.create(new HashMap<String, Object>(admin()))) {
            admin.createAcls(all).all().get();
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
