package io.pgcdc.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.decode.FrameHead;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the tables' rows take. */
class TableTrafficTest {

    private static final int OID = 16_385;

    private final TableTraffic traffic = new TableTraffic();

    private static Relation relation(String... columns) {
        List<Column> all = java.util.Arrays.stream(columns)
                .map(name -> new Column(name, PgType.base(25, "text"), -1, name.equals("id")))
                .toList();
        return new Relation(1, OID, "shop", "users", ReplicaIdentity.DEFAULT, all, List.of(0), List.of());
    }

    private int add(TableTraffic.Table table, byte[] frame) {
        traffic.row(new FrameHead().wrap(1, 2, frame, 0, frame.length), table);
        return frame.length;
    }

    @Test
    void eachRowIsCountedAndTheFirstOnesAreMeasured() {
        TableTraffic.Table table = traffic.table(relation("id", "v"));
        long bytes = add(table, Frames.insert(OID, "1", "abc"));
        bytes += add(table, Frames.update(OID, "1", "2", "defg"));
        bytes += add(table, Frames.delete(OID, 2, "2"));
        TableTraffic.Usage usage = traffic.read().get(0);
        assertEquals(
                List.of(1L, 1L, 1L, bytes), List.of(usage.inserts(), usage.updates(), usage.deletes(), usage.bytes()));
        // a value has five bytes before it, a null takes one
        long ids = (5 + 1) + (5 + 1) + (5 + 1) + (5 + 1);
        long values = (5 + 3) + 1 + (5 + 4) + 1;
        assertEquals(new TableTraffic.Sample(bytes, 0, List.of(ids, values)), usage.sample());
    }

    @Test
    void ofManyRowsAFewAreMeasured() {
        TableTraffic.Table table = traffic.table(relation("id"));
        byte[] frame = Frames.insert(OID, "1");
        for (int i = 0; i < 6_464; i++) {
            add(table, frame);
        }
        TableTraffic.Usage usage = traffic.read().get(0);
        assertEquals(6_464, usage.inserts());
        assertEquals((64 + 100L) * frame.length, usage.sample().bytes());
    }

    @Test
    void anotherLayoutIsMeasuredAnew() {
        add(traffic.table(relation("id", "v")), Frames.insert(OID, "1", "abc"));
        add(traffic.table(relation("id")), Frames.insert(OID, "1"));
        TableTraffic.Usage usage = traffic.read().get(0);
        assertEquals(2, usage.inserts());
        assertEquals(List.of(6L), usage.sample().columns());
        assertEquals(relation("id"), usage.relation());
    }

    /** Capture stores what it gets. Who delivers it finds the damage. */
    @Test
    void aRowThatCannotBeReadIsOnlyCounted() {
        TableTraffic.Table table = traffic.table(relation("id"));
        byte[] frame = Frames.insert(OID, "1");
        frame[frame.length - 2] = 99;
        add(table, frame);
        TableTraffic.Usage usage = traffic.read().get(0);
        assertEquals(List.of(1L, 0L), List.of(usage.inserts(), usage.sample().bytes()));
    }
}
