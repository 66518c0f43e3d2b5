package io.pgcdc.guard;

import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the slot's WAL. Immutable.
 *
 * @param reading the last answer of the server; null: it has not answered yet
 * @param policy the confirm policy in force
 * @param tried when the server was last asked
 * @param error why the last look failed; null: it did not
 */
public record SlotLook(
        @Nullable SlotReading reading,
        SlotForecast forecast,
        @Nullable WalHolder holder,
        ConfirmPolicy policy,
        Instant tried,
        @Nullable String error) {}
