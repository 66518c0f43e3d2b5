package io.pgcdc.testkit.sink;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.ValueState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A change as a value, from which a {@link SampleBatch} makes what a sink sees.
 *
 * @param newRow null where the kind has none; so is {@code oldRow}
 */
record Sample(
        ChangeKind kind,
        Position position,
        @Nullable List<Cell> oldRow,
        @Nullable List<Cell> newRow) {

    /** A value and its state; the text counts in state TEXT only. */
    record Cell(ValueState state, String text) {}

    static final Relation TABLE = new Relation(
            1,
            16_400,
            "kit",
            "items",
            ReplicaIdentity.DEFAULT,
            List.of(
                    new Column("id", PgType.base(23, "int4"), -1, true),
                    new Column("note", PgType.base(25, "text"), -1, false),
                    new Column("body", PgType.base(25, "text"), -1, false)),
            List.of(0),
            List.of(new Membership("kit", true, true, true, true, null, null, false)));

    private static final int FIRST_LSN = 0x1000;
    private static final int LSN_STEP = 0x100;

    /** Transactions of one to eight changes of all kinds, and messages of their own, in order. */
    static List<List<Sample>> transactions(Random random, int count) {
        List<List<Sample>> transactions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long lsn = FIRST_LSN + (long) i * LSN_STEP;
            List<Sample> changes = new ArrayList<>();
            if (random.nextInt(8) == 0) {
                changes.add(new Sample(ChangeKind.MESSAGE, new Position(0, lsn, Position.MESSAGE_ORDINAL), null, null));
            } else {
                int size = 1 + random.nextInt(8);
                for (int ordinal = 0; ordinal < size; ordinal++) {
                    changes.add(change(random, new Position(0, lsn, ordinal)));
                }
            }
            transactions.add(changes);
        }
        return transactions;
    }

    private static Sample change(Random random, Position position) {
        Cell id = text(Integer.toString(random.nextInt(1_000)));
        Cell gone = new Cell(ValueState.NOT_SENT, "");
        List<Cell> key = List.of(id, gone, gone);
        List<Cell> row = List.of(id, note(random), body(random));
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> new Sample(ChangeKind.INSERT, position, null, row);
            case 3 -> new Sample(ChangeKind.UPDATE, position, random.nextBoolean() ? key : null, row);
            case 4 -> new Sample(ChangeKind.DELETE, position, key, null);
            default -> new Sample(ChangeKind.TRUNCATE, position, null, null);
        };
    }

    private static Cell text(String text) {
        return new Cell(ValueState.TEXT, text);
    }

    private static Cell note(Random random) {
        return random.nextInt(4) == 0
                ? new Cell(ValueState.NULL, "")
                : text("ä\t\"\n" + random.nextInt() + "x".repeat(random.nextInt(300)));
    }

    private static Cell body(Random random) {
        return random.nextInt(4) == 0
                ? new Cell(ValueState.UNCHANGED_TOAST, "")
                : text("y".repeat(random.nextInt(5_000)));
    }
}
