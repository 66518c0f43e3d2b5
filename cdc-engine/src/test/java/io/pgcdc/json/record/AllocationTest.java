package io.pgcdc.json.record;

import static io.pgcdc.json.record.ChangeFixture.row;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.Types;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hot path allocates nothing a row once it is warm. */
class AllocationTest {

    private static final int ROWS = 20_000;

    private final ChangeFixture change = new ChangeFixture();
    private final NativeFormat format = new NativeFormat();
    private final JsonBuffer out = new JsonBuffer();

    @Test
    void encodingARowOfEveryKindOfTypeAllocatesNothing() {
        PgType[] types = {
            Types.INT4,
            Types.TEXT,
            Types.NUMERIC,
            Types.TIMESTAMPTZ,
            Types.JSON,
            Types.HSTORE,
            Types.PERSON,
            Types.BOOL,
            Types.INT2VECTOR,
            Types.array(1009, Types.TEXT),
            Types.PRICE
        };
        Relation relation = ChangeFixture.relation(1, List.of(0, 1), types);
        change.kind = ChangeKind.DELETE;
        change.relation = relation;
        change.oldRow = row(
                "42",
                "quoted \" and ü",
                "1.50",
                "2026-01-02 03:04:05+00",
                "{\"a\": [1, 2]}",
                "\"a\\\"\"=>NULL",
                "(n,\"(\"\"s 1\"\",\"\"{\"\"\"\"t u\"\"\"\"}\"\",[1])\",\"{\"\"(o,\\\\\"\"{p,q}\\\\\"\",)\"\"}\")",
                "t",
                "1 2 3",
                "{\"a \\\"b\",NULL}",
                "1.5");
        assertNothingAllocated(this::appendChange);
    }

    @Test
    void comparingCanonicalTextAndNumbersAllocatesNothing() {
        RowEquality equality = new RowEquality(
                ChangeFixture.relation(1, List.of(0), Types.TEXT, Types.NUMERIC, Types.array(1007, Types.INT4)));
        var before = row("a", "1.0", "[0:1]={1,2}");
        var after = row("b", "1.00", "{1,2}");
        assertNothingAllocated(() -> {
            for (int column = 0; column < 3; column++) {
                if (equality.differs(before, after, column) != (column == 0)) {
                    throw new AssertionError("column " + column);
                }
            }
        });
    }

    private void appendChange() {
        out.clear();
        format.append(change, out);
    }

    private static void assertNothingAllocated(Runnable row) {
        for (int i = 0; i < ROWS; i++) {
            row.run();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROWS; i++) {
            row.run();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // less than a byte a row: what is left is the measurement's own
        assertTrue(bytes < ROWS, bytes + " bytes for " + ROWS + " rows");
    }
}
