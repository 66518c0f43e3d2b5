package io.pgcdc.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.decode.PgOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A capture without what differs between any two recordings: LSNs, xids and oids of our own objects are replaced by their order of
 * appearance, times by 0. Recordings of equal form say the same, so the older one stays.
 */
final class StableForm {

    private static final int FIRST_OWN_OID = 16_384;

    private final Map<String, Integer> seen = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    private StableForm() {}

    static List<String> of(GoldenCapture capture) {
        StableForm form = new StableForm();
        for (GoldenItem item : capture.items()) {
            if (item instanceof GoldenItem.Frame frame) {
                form.add(frame);
            } else if (item instanceof GoldenItem.Layout layout) {
                JsonNode tree = GoldenCapture.JSON.valueToTree(layout.relation());
                form.replaceOids(tree);
                form.lines.add(tree.toString());
            }
        }
        return form.lines;
    }

    private void add(GoldenItem.Frame frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame.bytes().clone());
        switch (frame.bytes()[0]) {
            case PgOutput.BEGIN -> {
                lsn(bytes, 1);
                bytes.putLong(9, 0);
                bytes.putInt(17, number("xid", bytes.getInt(17)));
            }
            case PgOutput.COMMIT -> {
                lsn(bytes, 2);
                lsn(bytes, 10);
                bytes.putLong(18, 0);
            }
            case PgOutput.MESSAGE -> lsn(bytes, 2);
            case PgOutput.RELATION -> relation(bytes);
            case PgOutput.TYPE, PgOutput.INSERT, PgOutput.UPDATE, PgOutput.DELETE -> oid(bytes, 1);
            case PgOutput.TRUNCATE -> {
                for (int at = 6; at < bytes.limit(); at += Integer.BYTES) {
                    oid(bytes, at);
                }
            }
            default -> {}
        }
        // some messages have no LSN of their own
        String lsn = frame.lsn() == 0 ? "none" : "lsn " + number("lsn", frame.lsn());
        lines.add(lsn + " " + HexFormat.of().formatHex(bytes.array()));
    }

    private void relation(ByteBuffer bytes) {
        oid(bytes, 1);
        bytes.position(5);
        skipString(bytes);
        skipString(bytes);
        bytes.get();
        int columns = bytes.getShort();
        for (int i = 0; i < columns; i++) {
            bytes.get();
            skipString(bytes);
            oid(bytes, bytes.position());
            bytes.position(bytes.position() + 2 * Integer.BYTES);
        }
    }

    private static void skipString(ByteBuffer bytes) {
        while (bytes.get() != 0) {
            // up to its end
        }
    }

    private void lsn(ByteBuffer bytes, int at) {
        bytes.putLong(at, number("lsn", bytes.getLong(at)));
    }

    private void oid(ByteBuffer bytes, int at) {
        bytes.putInt(at, oid(bytes.getInt(at)));
    }

    private int oid(int oid) {
        return Integer.compareUnsigned(oid, FIRST_OWN_OID) < 0 ? oid : FIRST_OWN_OID + number("oid", oid);
    }

    private int number(String kind, long value) {
        Integer known = seen.putIfAbsent(kind + " " + value, seen.size());
        return known == null ? seen.size() - 1 : known;
    }

    private void replaceOids(JsonNode node) {
        if (node instanceof ObjectNode object && object.has("oid")) {
            object.put("oid", oid(object.get("oid").intValue()));
        }
        node.forEach(this::replaceOids);
    }
}
