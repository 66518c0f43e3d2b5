package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.control.GroupStatus;
import io.pgcdc.cli.control.StoppedStatus;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The screen of {@code cdc status}, at two widths of a terminal. */
class StatusViewTest {

    private static final String DEGRADED = """
            {"pipeline":"shop","health":"degraded","state":"running","at":"2026-03-01T12:00:00Z",
             "started_at":"2026-02-26T09:30:00Z","pid":4711,"version":"1.2.0",
             "problems":["sink replica tries again: CDC-501 the target does not answer: Connection to replica.example.com:5432 refused; sink replica. Check that it runs."],
             "source":{"server":"db.example.com:5432/shop as cdc","slot":"shop_slot","connected":true,"paused":false,
               "received_lsn":"4A/1A2B3C8","durable_lsn":"4A/1A2B3C8","confirmed_lsn":"49/FF00A0","changes":123456789,
               "changes_per_second":1234.5,"lag_bytes":2400000,"lag_seconds":1.4,
               "wal":{"read_at":"2026-03-01T11:59:58Z","error":null,"status":"extended","retained_bytes":2100000000,
                 "growth_bytes_per_second":110000,"safe_bytes":1254000000,"loss_seconds":11400,"confirm":"sinks",
                 "holder":{"kind":"sink","name":"replica","bytes":2100000000,"remedy":"Repair its target.",
                   "text":"sink \\"replica\\" (its target fails) holds it, 2.1 GB behind"}}},
             "queue":{"directory":"/var/lib/pgcdc/shop","bytes":3100000000,"disk_free_bytes":77000000000,"slowest_sink":"replica"},
             "sinks":[
               {"name":"events","type":"kafka","state":"running","position":"4A/1A2B000:12","lag_changes":3,"lag_bytes":968,
                "lag_seconds":0.2,"changes":123456786,"changes_per_second":1230.0,"retries":0,"dead_letters":0,"error":null},
               {"name":"replica","type":"projection","state":"retrying","position":"49/FF0000:r1234567","lag_changes":10234567,
                "lag_bytes":2100000000,"lag_seconds":9134.0,"changes":113222222,"changes_per_second":0.0,"retries":412,
                "dead_letters":1,"error":{"code":"CDC-501","message":"the target does not answer"}},
               {"name":"a_sink_with_a_long_name","type":"stdout","state":"new","position":null,"lag_changes":null,
                "lag_bytes":null,"lag_seconds":null,"changes":0,"changes_per_second":0.0,"retries":0,"dead_letters":0,"error":null}],
             "progress":[{"kind":"replay","sink":"events","share":0.34,"bytes_done":17000000000,"bytes_left":33000000000,
               "bytes_per_second":90000000,"seconds_left_estimated":367}],
             "snapshots":[{"id":"mx1v6r6e","state":"reading","tables":4,"tables_done":1,"share_estimated":0.571,
               "rows":1710000,"bytes":310000000,"rows_per_second":412000,"seconds_left_estimated":4,"waits_for_xids":[],"error":null}]}
            """;

    private static List<String> lines(String json, int columns) throws Exception {
        JsonNode status = new ObjectMapper().readTree(json);
        List<String> lines = StatusView.lines(status, columns);
        lines.forEach(line -> assertTrue(line.length() <= columns, line));
        return lines;
    }

    /** One of them has not run yet: nothing is known of it. */
    @Test
    void severalPipelines() throws Exception {
        ObjectNode shop = (ObjectNode) new ObjectMapper().readTree(DEGRADED);
        ObjectNode bills = StoppedStatus.unknown(
                "bills", new QueueException(ErrorCode.QUEUE_DIRECTORY_UNUSABLE, "there is no queue in q/bills."));
        List<String> lines = StatusView.linesOfGroup(GroupStatus.of(List.of(shop, bills)), 80);
        assertEquals(List.of("2 pipelines: 1 degraded, 1 down", ""), lines.subList(0, 2));
        assertEquals(lines(DEGRADED, 80), lines.subList(2, lines.size() - 3));
        assertEquals(
                List.of(
                        "",
                        "bills: DOWN                                                              stopped",
                        "! CDC-401 there is no queue in q/bills."),
                lines.subList(lines.size() - 3, lines.size()));
    }

    @Test
    void aScreenOf80Columns() throws Exception {
        assertEquals("""
                shop: DEGRADED                            cdc 1.2.0, pid 4711, running for 3.1 d
                ! sink replica tries again: CDC-501 the target does not answer: Connection to
                  replica.example.com:5432 refused; sink replica. Check that it runs.

                source  db.example.com:5432/shop as cdc, slot shop_slot: connected
                        2.4 MB behind, 1 s; 1.2 k changes/s, 123 M in this run; in the queue to
                        4A/1A2B3C8, confirmed to 49/FF00A0
                wal     2.1 GB held on the primary (extended), grows 110 kB/s, 1.3 GB left, lost
                        in 3 h 10 min; confirmed by sinks
                        sink "replica" (its target fails) holds it, 2.1 GB behind
                queue   3.1 GB in /var/lib/pgcdc/shop, 77 GB free on its disk; sink replica is
                        the slowest

                SINK         POSITION             STATE       BEHIND  CHANGES      WAL CHANGES/S
                events       4A/1A2B000:12        running        0 s        3    968 B     1.2 k
                replica      49/FF0000:r1234567   retrying     2.5 h   10.2 M   2.1 GB         0
                  412 retries, 1 dead letter in this run
                a_sink_with~ -                    new              -        -        -         0

                replay events [########------------------] 34%  17 GB of 50 GB  90 MB/s  ~6 min

                ID        STATE     DONE TABLES          ROWS   BYTES    ROWS/S TIME LEFT
                mx1v6r6e  reading    57%    1/4     1,710,000  310 MB   412,000      ~4 s
                """, String.join("\n", lines(DEGRADED, 80)) + "\n");
    }

    @Test
    void aScreenOf120Columns() throws Exception {
        assertEquals("""
                shop: DEGRADED                                                                    cdc 1.2.0, pid 4711, running for 3.1 d
                ! sink replica tries again: CDC-501 the target does not answer: Connection to replica.example.com:5432 refused; sink
                  replica. Check that it runs.

                source  db.example.com:5432/shop as cdc, slot shop_slot: connected
                        2.4 MB behind, 1 s; 1.2 k changes/s, 123 M in this run; in the queue to 4A/1A2B3C8, confirmed to 49/FF00A0
                wal     2.1 GB held on the primary (extended), grows 110 kB/s, 1.3 GB left, lost in 3 h 10 min; confirmed by sinks
                        sink "replica" (its target fails) holds it, 2.1 GB behind
                queue   3.1 GB in /var/lib/pgcdc/shop, 77 GB free on its disk; sink replica is the slowest

                SINK                    POSITION             STATE       BEHIND  CHANGES      WAL CHANGES/S
                events                  4A/1A2B000:12        running        0 s        3    968 B     1.2 k
                replica                 49/FF0000:r1234567   retrying     2.5 h   10.2 M   2.1 GB         0
                  412 retries, 1 dead letter in this run
                a_sink_with_a_long_name -                    new              -        -        -         0

                replay events [######################--------------------------------------------] 34%  17 GB of 50 GB  90 MB/s  ~6 min

                ID        STATE     DONE TABLES          ROWS   BYTES    ROWS/S TIME LEFT
                mx1v6r6e  reading    57%    1/4     1,710,000  310 MB   412,000      ~4 s
                """, String.join("\n", lines(DEGRADED, 120)) + "\n");
    }
}
