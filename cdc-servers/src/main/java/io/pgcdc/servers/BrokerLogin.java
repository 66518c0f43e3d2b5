package io.pgcdc.servers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * User and password (SASL/PLAIN) on all listeners of a broker, including the controller's, because other users of the machine reach
 * its ports. The password stays on this machine, so there is no TLS.
 */
record BrokerLogin(String password) {

    private static final String USER = "demo";
    private static final String PROTOCOL = "SASL_PLAINTEXT";
    private static final String MECHANISM = "PLAIN";

    private String module(String more) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\""
                + password + "\"" + more + ";";
    }

    /** Returns properties of the broker, which is also its own client. */
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

    /** Returns properties of a Java client. */
    Map<String, String> clientProperties() {
        return Map.of("security.protocol", PROTOCOL, "sasl.mechanism", MECHANISM, "sasl.jaas.config", module(""));
    }

    /** Returns properties of a client that uses librdkafka. */
    List<String> nativeClientLines(String bootstrapServers) {
        return List.of(
                "bootstrap.servers=" + bootstrapServers,
                "security.protocol=" + PROTOCOL,
                "sasl.mechanism=" + MECHANISM,
                "sasl.username=" + USER,
                "sasl.password=" + password);
    }
}
