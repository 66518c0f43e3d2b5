package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.guard.WalHolder;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.SlotStatus;
import java.util.Locale;

/** The WAL that a slot holds, as JSON. docs/reference/control.md describes it. */
final class SlotJson {

    private SlotJson() {}

    static ObjectNode of(SlotStatus slot, ObjectMapper json) {
        ObjectNode node = json.createObjectNode();
        node.put("read_at", slot.readAt() == null ? null : slot.readAt().toString());
        node.put("error", slot.error());
        node.put("active", slot.active());
        node.put("restart_lsn", Lsn.toString(slot.restartLsn()));
        node.put("confirmed_lsn", Lsn.toString(slot.confirmedLsn()));
        node.put("end_lsn", Lsn.toString(slot.walEndLsn()));
        node.put("status", slot.walStatus());
        node.put("retained_bytes", slot.retainedBytes());
        node.put("growth_bytes_per_second", slot.growthBytesPerSecond());
        node.put("safe_bytes", slot.safeWalSize());
        node.put("max_slot_wal_keep_bytes", slot.maxSlotWalKeepSize());
        node.put("idle_timeout_ms", slot.idleTimeoutMs());
        node.put("primary_disk_free_bytes", slot.freeDiskBytes());
        node.put("loss_seconds", slot.secondsToLoss());
        node.put("confirm", slot.confirm().name().toLowerCase(Locale.ROOT));
        WalHolder holder = slot.holder();
        if (holder == null) {
            node.putNull("holder");
        } else {
            ObjectNode held = node.putObject("holder");
            held.put("kind", holder.kind().name().toLowerCase(Locale.ROOT));
            held.put("name", holder.name());
            held.put("bytes", holder.bytes());
            held.put("text", holder.text());
            held.put("remedy", holder.remedy());
        }
        return node;
    }
}
