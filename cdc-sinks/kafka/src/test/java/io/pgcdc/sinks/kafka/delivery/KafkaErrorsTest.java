package io.pgcdc.sinks.kafka.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.SettingType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

/** What a sink does about what Kafka's clients throw: only what the client itself calls passing is tried without end. */
class KafkaErrorsTest {

    private static final Map<Exception, ErrorCode> KINDS = Map.ofEntries(
            Map.entry(new TimeoutException("x"), ErrorCode.TARGET_LOST),
            Map.entry(new NotLeaderOrFollowerException("x"), ErrorCode.TARGET_LOST),
            Map.entry(new NotEnoughReplicasException("x"), ErrorCode.TARGET_LOST),
            Map.entry(new UnknownTopicOrPartitionException("x"), ErrorCode.TARGET_LOST),
            Map.entry(new ConfigException("No resolvable bootstrap urls"), ErrorCode.TARGET_LOST),
            Map.entry(new ProducerFencedException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new InvalidProducerEpochException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new TransactionAbortedException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new OutOfOrderSequenceException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new UnknownServerException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new PolicyViolationException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new InvalidTopicException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new KafkaException("x"), ErrorCode.TARGET_BUSY),
            Map.entry(new SaslAuthenticationException("x"), ErrorCode.TARGET_LOGIN_REFUSED),
            Map.entry(new TopicAuthorizationException("x"), ErrorCode.TARGET_PRIVILEGE_MISSING),
            Map.entry(new TransactionalIdAuthorizationException("x"), ErrorCode.TARGET_PRIVILEGE_MISSING),
            Map.entry(new UnsupportedVersionException("x"), ErrorCode.TARGET_MISFIT),
            Map.entry(new ConfigException("x"), ErrorCode.TARGET_MISFIT),
            Map.entry(new IllegalStateException("x"), ErrorCode.INTERNAL));

    /** Kafka's client quotes the word that it cannot read. */
    @Test
    void aBrokenLoginTextIsNamedWithoutItsWords() {
        Cluster cluster = new Cluster(
                SettingType.keyValues()
                        .read(
                                List.of(
                                        "bootstrap.servers=localhost:1",
                                        "security.protocol=SASL_PLAINTEXT",
                                        "sasl.mechanism=PLAIN",
                                        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule hunter2 password=x;")));
        SinkException error = assertThrows(SinkException.class, () -> cluster.producer(null, 1_000));
        assertEquals(ErrorCode.TARGET_MISFIT, error.code());
        assertTrue(
                String.valueOf(error.getMessage())
                        .startsWith("Kafka's client cannot read sasl.jaas.config; Kafka at localhost:1. Write MODULE"),
                error.getMessage());
        assertNull(error.getCause());
        assertThrows(SinkException.class, cluster::admin);
    }

    /** A password in a file: the cluster and the file get a new one at different times. */
    @Test
    void aLoginThatWorkedMayWorkAgain() {
        SaslAuthenticationException refused = new SaslAuthenticationException("x");
        KeyValues fixed = new KeyValues(Map.of("bootstrap.servers", "localhost:1"));
        Cluster never = new Cluster(fixed);
        never.worked();
        assertEquals(
                ErrorCode.TARGET_LOGIN_REFUSED,
                KafkaErrors.of(refused, "x", never).code());

        Cluster changing = new Cluster(fixed.readAgainBy(() -> Map.of("bootstrap.servers", "no port")));
        assertEquals(
                ErrorCode.TARGET_LOGIN_REFUSED,
                KafkaErrors.of(refused, "x", changing).code());
        changing.worked();
        assertEquals(
                ErrorCode.TARGET_LOST, KafkaErrors.of(refused, "x", changing).code());
        SinkException error = assertThrows(SinkException.class, changing::admin);
        assertTrue(String.valueOf(error.getMessage()).contains("no port"), error.getMessage());
    }

    @Test
    void anUnknownLoginModuleIsTheFaultOfTheProperties() {
        Cluster cluster = new Cluster(SettingType.keyValues()
                .read(List.of(
                        "bootstrap.servers=localhost:1",
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=no.such.Module required;")));
        SinkException error = assertThrows(SinkException.class, cluster::admin);
        assertEquals(ErrorCode.TARGET_MISFIT, error.code());
        assertTrue(
                String.valueOf(error.getMessage()).contains("No LoginModule found for no.such.Module"),
                error.getMessage());
    }

    @Test
    void eachErrorHasOneMeaning() {
        Cluster cluster = new Cluster(KeyValues.NONE);
        KINDS.forEach((thrown, code) -> {
            assertEquals(code, KafkaErrors.of(thrown, "sending", cluster).code(), thrown.toString());
            assertEquals(
                    code,
                    KafkaErrors.of(new ExecutionException(new KafkaException(thrown)), "sending", cluster)
                            .code(),
                    thrown + " wrapped");
        });
    }
}
