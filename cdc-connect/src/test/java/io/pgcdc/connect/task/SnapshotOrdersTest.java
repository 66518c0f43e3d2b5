package io.pgcdc.connect.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.MessageView;
import io.pgcdc.snapshot.SnapshotRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A logical message orders a snapshot. */
class SnapshotOrdersTest {

    private final List<SnapshotRequest> ordered = new ArrayList<>();
    private final SnapshotOrders orders = new SnapshotOrders(ordered::add);

    private record Message(String text) implements MessageView {

        @Override
        public String prefix() {
            return SnapshotOrders.PREFIX;
        }

        @Override
        public boolean transactional() {
            return true;
        }

        @Override
        public byte[] buffer() {
            return ("__" + text).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int offset() {
            return 2;
        }

        @Override
        public int length() {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    @Test
    void tablesAndConditionAreThoseOfTheMessage() {
        orders.execute(new Message("{\"tables\": [\"a.b\", \"c\"], \"where\": \"id < 5\"}"));
        orders.execute(new Message("{}"));
        assertEquals(
                List.of(
                        new SnapshotRequest(List.of("a.b", "c"), "id < 5", List.of()),
                        new SnapshotRequest(List.of(), null, List.of())),
                ordered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "users",
                "[]",
                "null",
                "{\"tables\": \"a\"}",
                "{\"tables\": [1]}",
                "{\"where\": 5}",
                "{\"table\": [\"a\"]}",
                "{\"tables\": ["
            })
    void whatIsNoOrderOrdersNothing(String text) {
        orders.execute(new Message(text));
        assertEquals(List.of(), ordered);
        orders.execute(new Message("{}"));
        assertEquals(1, ordered.size());
    }

    @Test
    void anOrderThatFailsForNowIsTriedAgain() {
        List<SnapshotRequest> tried = new ArrayList<>();
        SnapshotOrders failing = new SnapshotOrders(request -> {
            tried.add(request);
            if (tried.size() == 1) {
                throw new SourceException(ErrorCode.SOURCE_UNREACHABLE, "no answer");
            }
        });
        assertThrows(SourceException.class, () -> failing.execute(new Message("{}")));
        failing.execute(new Message("{}"));
        assertEquals(2, tried.size());
    }
}
