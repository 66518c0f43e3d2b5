package io.pgcdc.wire;

import org.jspecify.annotations.Nullable;

/**
 * A slot that was created.
 *
 * @param consistentPoint its LSN: it shows all transactions that commit after it
 * @param snapshot name of the exported snapshot of the database at that point, valid until the next command on the same connection;
 *     null: none was asked for
 */
public record NewSlot(long consistentPoint, @Nullable String snapshot) {}
