package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Maps exceptions of Kafka's clients to errors with remedies. */
final class KafkaErrors {

    private static final int DEEPEST = 8;

    private KafkaErrors() {}

    /**
     * Returns the error for a failure after which the sink tries again.
     *
     * @param doing completes "while …"
     */
    static CdcException of(Throwable thrown, String doing, Cluster cluster) {
        return of(thrown, doing, cluster, "The sink tries again");
    }

    /** Returns the error for a failure that ends a command. */
    static CdcException ofCommand(Throwable thrown, String doing, Cluster cluster) {
        return of(thrown, doing, cluster, "Try again");
    }

    private static CdcException of(Throwable thrown, String doing, Cluster cluster, String again) {
        Throwable cause = cause(thrown);
        if (cause instanceof CdcException known) {
            return known;
        }
        String said = said(cause);
        String at = " while " + doing + "; " + cluster.where() + ". ";
        if (cause instanceof AuthenticationException) {
            return error(
                    cluster.mayLoginChange() ? ErrorCode.TARGET_LOST : ErrorCode.TARGET_LOGIN_REFUSED,
                    "Kafka refuses the login" + at + "It said: " + said
                            + " Correct the sink's properties (security.protocol, sasl.*, ssl.*).",
                    cause);
        }
        if (cause instanceof AuthorizationException) {
            return error(
                    ErrorCode.TARGET_PRIVILEGE_MISSING,
                    "Kafka denies access" + at + "It said: " + said
                            + " The sink needs Write and Describe (and Create, with create_topics) on its topics, Read on the"
                            + " topic of positions, Write and Describe on its transactional id, and Read on its topics for a"
                            + " snapshot that reconciles.",
                    cause);
        }
        // The producer has no exception type for this error.
        if (said.contains("transaction.max.timeout.ms")) {
            return error(
                    ErrorCode.TARGET_MISFIT,
                    "transaction_timeout_ms is longer than the brokers' transaction.max.timeout.ms; " + cluster.where()
                            + ". Lower transaction_timeout_ms, or raise the brokers' limit.",
                    cause);
        }
        if (cause instanceof UnsupportedVersionException) {
            return error(
                    ErrorCode.TARGET_MISFIT,
                    "the cluster is too old for transactions or another required feature" + at + "It said: " + said
                            + " Use delivery: at_least_once, or brokers of 2.5 or newer.",
                    cause);
        }
        if (cause instanceof ConfigException) {
            return ofProperties(cause, cluster.where());
        }
        if (cause instanceof InterruptedException || cause instanceof InterruptException) {
            Thread.currentThread().interrupt(); // the next call must not wait, either
            return error(
                    ErrorCode.TARGET_LOST,
                    "Kafka did not answer before the stop" + at + "The next start repeats what it did not confirm.",
                    cause);
        }
        return passing(cause, said, at, again);
    }

    /**
     * Returns the error for a client that cannot be made with the sink's properties. */
    static CdcException ofProperties(Throwable thrown, String where) {
        Throwable cause = cause(thrown);
        String said = said(cause);
        if (said.contains("resolvable")) {
            return error(
                    ErrorCode.TARGET_LOST,
                    "no name in bootstrap.servers can be resolved; " + where
                            + ". Correct the names, or check DNS; the sink tries again.",
                    cause);
        }
        // the parser's message may repeat a part of the password
        boolean login = Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST)
                .anyMatch(e -> String.valueOf(e.getMessage()).contains("JAAS"));
        return login
                ? new SinkException(
                        ErrorCode.TARGET_MISFIT,
                        "Kafka's client cannot read sasl.jaas.config; " + where
                                + ". Write MODULE required username=\"…\" password=\"…\"; with the semicolon at the end. MODULE"
                                + " is org.apache.kafka.common.security.scram.ScramLoginModule, say.")
                : error(
                        ErrorCode.TARGET_MISFIT,
                        "Kafka's client refuses the sink's properties; " + where + ". It said: " + said
                                + " Correct them.",
                        cause);
    }

    private static CdcException passing(Throwable cause, String said, String at, String again) {
        boolean brokenOff = cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException
                || cause instanceof TransactionAbortedException;
        if (brokenOff) {
            return error(
                    ErrorCode.TARGET_BUSY,
                    "the Kafka transaction was aborted: it was open for too long, or another process writes as this sink"
                            + at + again + "; the next attempt detects another process.",
                    cause);
        }
        if (cause instanceof UnknownTopicOrPartitionException) {
            return error(ErrorCode.TARGET_LOST, "a topic or partition does not exist" + at + again + ".", cause);
        }
        if (cause instanceof TimeoutException) {
            return error(
                    ErrorCode.TARGET_LOST,
                    "Kafka does not answer" + at + "It said: " + said + " " + again
                            + "; check that the brokers run, and are reachable at the addresses in their advertised.listeners.",
                    cause);
        }
        if (cause instanceof RetriableException) {
            return error(ErrorCode.TARGET_LOST, "Kafka failed" + at + "It said: " + said + " " + again + ".", cause);
        }
        if (cause instanceof KafkaException) { // not a RetriableException, so it may be permanent
            return error(ErrorCode.TARGET_BUSY, "Kafka failed" + at + "It said: " + said + " " + again + ".", cause);
        }
        return error(ErrorCode.INTERNAL, "Kafka's client failed" + at + "It said: " + cause + ". Report it.", cause);
    }

    private static SinkException error(ErrorCode code, String message, Throwable cause) {
        return new SinkException(code, message, cause, cause.getClass().getSimpleName());
    }

    /** Returns true if the record itself is the cause: sending it again would fail again. */
    static boolean isOfRecord(Throwable thrown) {
        Throwable cause = cause(thrown);
        return cause instanceof RecordTooLargeException
                || cause instanceof InvalidTimestampException
                || cause instanceof InvalidRecordException;
    }

    /** Returns the first cause that does not only wrap another exception. */
    static Throwable cause(Throwable thrown) {
        Throwable at = thrown;
        for (int i = 0; i < DEEPEST; i++) {
            Throwable inner = at.getCause();
            boolean wrapping = at instanceof ExecutionException
                    || at.getClass() == KafkaException.class
                    || at.getClass() == RuntimeException.class;
            if (inner == null || !wrapping) {
                return at;
            }
            at = inner;
        }
        return at;
    }

    static String said(Throwable cause) {
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
