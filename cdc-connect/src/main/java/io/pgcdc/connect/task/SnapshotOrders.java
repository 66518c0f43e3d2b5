package io.pgcdc.connect.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.MessageView;
import io.pgcdc.snapshot.SnapshotRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders a snapshot when a logical message says so. A message that cannot be executed is logged, and the stream continues. {@link Outbox#orderOnce}
 * makes sure that no later task executes it again. The sink's thread.
 *
 * <pre>
 *   SELECT pg_logical_emit_message(true, 'pgcdc.snapshot_order', '{"tables": ["public.users"], "where": "id &lt; 1000"}')
 * </pre>
 */
final class SnapshotOrders {

    /** Of the messages. */
    static final String PREFIX = "pgcdc.snapshot_order";

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotOrders.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLES = "tables";
    private static final String WHERE = "where";
    private static final String EXAMPLE = "{\"tables\": [\"public.users\"]}";

    private final Consumer<SnapshotRequest> orders;

    /** @param orders orders a snapshot; it may throw a CdcException */
    SnapshotOrders(Consumer<SnapshotRequest> orders) {
        this.orders = orders;
    }

    static boolean is(MessageView message) {
        return message.prefix().equals(PREFIX);
    }

    /**
     * Executes the order. One that never can be is logged.
     *
     * @throws CdcException the server cannot be asked now, and may be later
     */
    void execute(MessageView message) {
        try {
            orders.accept(request(message));
        } catch (CdcException e) {
            if (e.retry() != Retry.NEVER) {
                throw e;
            }
            LOG.error("a message with prefix {} orders no snapshot: {}", PREFIX, e.describe());
        }
    }

    private static SnapshotRequest request(MessageView message) {
        try {
            JsonNode order = JSON.readTree(message.buffer(), message.offset(), message.length());
            if (!order.isObject()) {
                throw refused("is no JSON object", null);
            }
            for (Iterator<String> names = order.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!name.equals(TABLES) && !name.equals(WHERE)) {
                    throw refused("has an unknown entry \"" + name + "\"", null);
                }
            }
            return new SnapshotRequest(tables(order.path(TABLES)), where(order.path(WHERE)), List.of());
        } catch (JsonProcessingException e) {
            throw refused("is no JSON", e);
        } catch (IOException e) {
            throw new IllegalStateException(e); // there is no file
        }
    }

    private static List<String> tables(JsonNode names) {
        List<String> tables = new ArrayList<>();
        if (!names.isMissingNode() && !names.isArray()) {
            throw refused("has tables that are no list", null);
        }
        for (JsonNode name : names) {
            if (!name.isTextual()) {
                throw refused("has a table that is no text", null);
            }
            tables.add(name.textValue());
        }
        return tables;
    }

    private static @Nullable String where(JsonNode condition) {
        if (condition.isMissingNode() || condition.isNull()) {
            return null;
        }
        if (!condition.isTextual()) {
            throw refused("has a where that is no text", null);
        }
        return condition.textValue();
    }

    private static SourceException refused(String what, @Nullable Throwable cause) {
        return new SourceException(
                ErrorCode.SNAPSHOT_REFUSED,
                "its content " + what + ". Write " + EXAMPLE + "; without tables, all are read.",
                cause);
    }
}
