package io.pgcdc.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Requests are done in order, refused one by one, or failed when the loop ends. */
class InboxTest {

    private final Inbox<String> inbox = new Inbox<>();
    private final List<String> taken = new ArrayList<>();

    private void takeAll() {
        inbox.take(request -> taken.add(request));
    }

    @Test
    void requestsAreTakenInOrderAndThenDone() {
        CompletableFuture<Void> first = inbox.post("first");
        CompletableFuture<Void> second = inbox.post("second");
        assertFalse(inbox.isEmpty());
        assertFalse(first.isDone());
        takeAll();
        assertEquals(List.of("first", "second"), taken);
        assertTrue(first.isDone() && second.isDone());
        assertTrue(inbox.isEmpty());
    }

    @Test
    void aWaitingRequestHoldsTheLaterOnes() {
        CompletableFuture<Void> later = inbox.post("later");
        CompletableFuture<Void> behind = inbox.post("behind");
        inbox.take(request -> {
            taken.add(request);
            return false;
        });
        assertEquals(List.of("later"), taken);
        assertFalse(later.isDone() || behind.isDone());
        takeAll();
        assertEquals(List.of("later", "later", "behind"), taken);
        assertTrue(behind.isDone());
    }

    @Test
    void aRefusalFailsOnlyItsRequest() {
        SinkException why = new SinkException(ErrorCode.REWIND_REFUSED, "refused; test; nothing.");
        CompletableFuture<Void> refused = inbox.post("refused");
        CompletableFuture<Void> next = inbox.post("next");
        inbox.take(request -> {
            if (request.equals("refused")) {
                throw new Inbox.Refusal(why);
            }
            return true;
        });
        assertSame(why, assertThrows(CompletionException.class, refused::join).getCause());
        assertTrue(next.isDone() && !next.isCompletedExceptionally());
    }

    @Test
    void theLoopsEndFailsWaitingAndLaterRequests() {
        CompletableFuture<Void> waiting = inbox.post("waiting");
        assertThrows(ArithmeticException.class, () -> inbox.take(request -> 1 / (request.length() - 7) > 0));
        inbox.close("it has ended");
        inbox.close("said later");
        IllegalStateException ended = assertInstanceOf(
                IllegalStateException.class,
                assertThrows(CompletionException.class, waiting::join).getCause());
        assertEquals("it has ended", ended.getMessage());
        assertEquals(
                "it has ended",
                assertThrows(IllegalStateException.class, () -> inbox.post("late"))
                        .getMessage());
    }
}
