package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigViewTest {

    @TempDir
    Path directory;

    @Test
    void showsEffectiveValuesTheirPlacesAndNoSecret() {
        ConfigFixture fixture = new ConfigFixture(directory);
        fixture.variables.put("PGPASSWORD", "hunter2");
        fixture.variables.put("T", "hunter3");
        Flags flags =
                new Flags(null, "other", List.of(), null, List.of(), null, null, null, List.of(), null, null, null);
        String yaml = ConfigFixture.EXAMPLE
                + "  - {name: w, type: web, target: '${env:T}', token: 'hunter4', publications: users_pub, tables: ['s.*'], mask: ['s.t.\"C\"=hash'], mask_salt: 'hunter5 and a salt'}\n"
                + "  - {name: v, type: web, target: \"a: \\\"b\\\"\"}\n";
        assertEquals("""
                max_row_bytes: 33554432  # default
                source:
                  url: "postgresql://cdc:****@localhost:5432/shop?connect_timeout=10"  # cdc.yaml:1
                  slot: other  # --slot
                  publications: [users_pub, orders_pub]  # cdc.yaml:1
                  create_slot: false  # default
                  failover_slot: false  # default
                  create_publication: false  # default
                  table_aliases: {}  # default
                  status_interval_ms: 10000  # default
                  receive_timeout_ms: 60000  # default
                  connect_timeout_ms: 10000  # default
                  reconnect: true  # default
                  heartbeat_interval_ms: 60000  # default
                  watch_interval_ms: 5000  # default
                queue:
                  dir: "./queue"  # cdc.yaml:2
                  confirm: sinks  # cdc.yaml:2
                  auto_queue_below_percent: 50  # default
                  auto_queue_below_ms: 300000  # default
                  segment_bytes: 1048576  # default
                  segment_changes: 20000  # default
                  gather_ms: 20  # default
                  file_bytes: 268435456  # default
                  flush_interval_ms: 500  # default
                  flush_bytes: 67108864  # default
                  min_free_bytes: 134217728  # default
                  max_bytes: 0  # default
                  retain_bytes: 0  # default
                  when_full: pause  # default
                  allow_network_fs: false  # default
                snapshot:
                  mode: never  # default
                  parallel: 2  # default
                  chunk_bytes: 2097152  # default
                  max_rows_per_second: 0  # default
                  max_duration_ms: 0  # default
                  min_safe_wal_bytes: 1073741824  # default
                sinks:
                  - name: out
                    type: stdout
                    on_failure: stop_sink  # default
                    retry_for_ms: 0  # default
                    retry_times: 20  # default
                    linger_ms: 200  # default
                    start: beginning  # default
                    dead_letter: false  # default
                    exclude_tables: []  # default
                    origins: any  # default
                    exclude_columns: []  # default
                    mask: []  # default
                    format: json  # default
                  - name: w
                    type: web
                    on_failure: stop_sink  # default
                    retry_for_ms: 0  # default
                    retry_times: 20  # default
                    linger_ms: 200  # default
                    start: beginning  # default
                    dead_letter: false  # default
                    publications: [users_pub]  # cdc.yaml:5
                    tables: ["s.*"]  # cdc.yaml:5
                    exclude_tables: []  # default
                    origins: any  # default
                    exclude_columns: []  # default
                    mask: ["s.t.\\"C\\"=hash"]  # cdc.yaml:5
                    mask_salt: "****"  # cdc.yaml:5
                    target: "****"  # cdc.yaml:5
                    token: "****"  # cdc.yaml:5
                    max_lines: 5  # default
                  - name: v
                    type: web
                    on_failure: stop_sink  # default
                    retry_for_ms: 0  # default
                    retry_times: 20  # default
                    linger_ms: 200  # default
                    start: beginning  # default
                    dead_letter: false  # default
                    exclude_tables: []  # default
                    origins: any  # default
                    exclude_columns: []  # default
                    mask: []  # default
                    target: "a: \\"b\\""  # cdc.yaml:6
                    max_lines: 5  # default
                """, ConfigView.render(fixture.process(yaml, flags)));
    }
}
