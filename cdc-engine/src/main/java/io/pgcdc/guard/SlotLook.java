package io.pgcdc.guard;

import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the slot's WAL. Immutable.
 *
 * @param reading the last answer of the server; null: it has not answered yet
 * @param unreadBytes of the server's WAL that the pipeline had not received then
 * @param hadAllAt when the pipeline last had received all, as far as the last looks tell; null: not during them
 * @param policy the confirm policy in force
 * @param tried when the server was last asked
 * @param error why the last look failed; null: it did not
 */
public record SlotLook(
        @Nullable SlotReading reading,
        SlotForecast forecast,
        @Nullable WalHolder holder,
        long unreadBytes,
        @Nullable Instant hadAllAt,
        ConfirmPolicy policy,
        Instant tried,
        @Nullable String error) {}
