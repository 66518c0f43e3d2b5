package io.pgcdc.servers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A user and a password (SASL/PLAIN) on all listeners of a broker, the controller's, too: other users of the machine reach its ports. The
 * password stays on this machine, hence no TLS.
 */
record BrokerLogin(String password) {

    private static final String USER = "demo";
    private static final String PROTOCOL = "SASL_PLAINTEXT";
    private static final String MECHANISM = "PLAIN";

    private String module(String more) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\""
                + password + "\"" + more + ";";
    }

    /** Of the broker, which is a client, too: of itself. */
    Map<String, String> brokerProperties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("listener.security.protocol.map", "PLAINTEXT:" + PROTOCOL + ",CONTROLLER:" + PROTOCOL);
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("sasl.enabled.mechanisms", MECHANISM);
        properties.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
        properties.put("sasl.mechanism.controller.protocol", MECHANISM);
        for (String listener : List.of("plaintext", "controller")) {
            properties.put(
                    "listener.name." + listener + ".plain.sasl.jaas.config",
                    module(" user_" + USER + "=\"" + password + "\""));
        }
        return properties;
    }

    /** Of a client, as the Java client has them. */
    Map<String, String> clientProperties() {
        return Map.of("security.protocol", PROTOCOL, "sasl.mechanism", MECHANISM, "sasl.jaas.config", module(""));
    }

    /** Of a client, as librdkafka has them. */
    List<String> nativeClientLines(String bootstrapServers) {
        return List.of(
                "bootstrap.servers=" + bootstrapServers,
                "security.protocol=" + PROTOCOL,
                "sasl.mechanism=" + MECHANISM,
                "sasl.username=" + USER,
                "sasl.password=" + password);
    }
}
