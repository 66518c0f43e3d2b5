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
 * A change as a value, from which a {@link SampleBatch} makes a sink's view.
 *
 * @param newRow null if the kind has none; likewise {@code oldRow}
 * @param details null for the kit's own table
 */
record Sample(
        ChangeKind kind,
        Position position,
        @Nullable List<Cell> oldRow,
        @Nullable List<Cell> newRow,
        @Nullable Details details) {

    /** Creates a change of the kit's own table, with a time that depends on its position. */
    Sample(ChangeKind kind, Position position, @Nullable List<Cell> oldRow, @Nullable List<Cell> newRow) {
        this(kind, position, oldRow, newRow, null);
    }

    /**
     * Data of a change of the smaller table.
     *
     * @param keyed true if it has a primary key
     * @param time of the commit, in microseconds since 1970
     * @param prefix and content of a message
     */
    record Details(boolean keyed, long time, String prefix, String content) {}

    /** A value and its state. The text counts only in state TEXT. */
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

    /** The smaller table: two columns of text, with a key. */
    static final Relation SMALL = small(List.of(0));

    static final Relation WITHOUT_KEY = small(null);

    private static Relation small(@Nullable List<Integer> key) {
        return new Relation(
                key == null ? 3 : 2,
                key == null ? 16_402 : 16_401,
                "kit",
                "items",
                ReplicaIdentity.DEFAULT,
                List.of(
                        new Column("id", PgType.base(25, "text"), -1, key != null),
                        new Column("v", PgType.base(25, "text"), -1, false)),
                key,
                List.of(new Membership("kit", true, true, true, true, null, null, false)));
    }

    private static final int FIRST_LSN = 0x1000;
    private static final int LSN_STEP = 0x100;

    /**
     * Returns transactions of one to eight changes of all kinds, messages outside transactions, and chunks of snapshots, in an order
     * that a pipeline could deliver. What follows a chunk has its LSN.
     */
    static List<List<Sample>> transactions(Random random, int count) {
        List<List<Sample>> transactions = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        long lsn = FIRST_LSN;
        int reads = 0; // at this LSN
        while (transactions.size() < count) {
            if (random.nextInt(8) == 0) {
                List<Sample> chunk = chunk(random, lsn, reads, rows);
                transactions.add(chunk);
                reads += chunk.size();
                continue; // what comes next has its LSN
            }
            List<Sample> changes = new ArrayList<>();
            if (random.nextInt(8) == 0) {
                changes.add(new Sample(ChangeKind.MESSAGE, new Position(0, lsn, Position.MESSAGE_ORDINAL), null, null));
            } else {
                int size = 1 + random.nextInt(8);
                for (int ordinal = 0; ordinal < size; ordinal++) {
                    changes.add(change(random, new Position(0, lsn, ordinal), rows));
                }
            }
            transactions.add(changes);
            lsn += LSN_STEP;
            reads = 0;
        }
        return transactions;
    }

    /** Returns rows of a snapshot: some that the table has had since before the stream, some that changes have told already. */
    private static List<Sample> chunk(Random random, long lsn, int number, List<Integer> rows) {
        List<Integer> ids = new ArrayList<>(rows.subList(0, random.nextInt(rows.size() + 1)));
        int id = freeId(random, rows);
        rows.add(id);
        ids.add(id);
        List<Sample> chunk = new ArrayList<>();
        for (int known : ids) {
            List<Cell> row = List.of(id(known), note(random), sentBody(random));
            chunk.add(new Sample(ChangeKind.READ, Position.ofRead(0, lsn, number + chunk.size()), null, row));
        }
        return chunk;
    }

    /** @param rows the ids that the table has at this point */
    private static Sample change(Random random, Position position, List<Integer> rows) {
        int kind = random.nextInt(24);
        if (kind == 0) {
            rows.clear();
            return new Sample(ChangeKind.TRUNCATE, position, null, null);
        }
        if (kind < 12 || rows.isEmpty()) {
            int id = freeId(random, rows);
            rows.add(id);
            return new Sample(ChangeKind.INSERT, position, null, List.of(id(id), note(random), sentBody(random)));
        }
        int at = random.nextInt(rows.size());
        int id = rows.get(at);
        if (kind < 16) {
            rows.remove(at);
            return new Sample(ChangeKind.DELETE, position, key(id), null);
        }
        if (kind < 20) {
            return new Sample(ChangeKind.UPDATE, position, null, List.of(id(id), note(random), body(random)));
        }
        int newId = freeId(random, rows);
        rows.set(at, newId);
        return new Sample(ChangeKind.UPDATE, position, key(id), List.of(id(newId), note(random), body(random)));
    }

    private static int freeId(Random random, List<Integer> rows) {
        int id = random.nextInt(1_000);
        while (rows.contains(id)) {
            id = random.nextInt(1_000);
        }
        return id;
    }

    private static Cell id(int id) {
        return text(Integer.toString(id));
    }

    private static List<Cell> key(int id) {
        Cell notSent = new Cell(ValueState.NOT_SENT, "");
        return List.of(id(id), notSent, notSent);
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
        return random.nextInt(4) == 0 ? new Cell(ValueState.UNCHANGED_TOAST, "") : sentBody(random);
    }

    private static Cell sentBody(Random random) {
        return text("y".repeat(random.nextInt(5_000)));
    }
}
