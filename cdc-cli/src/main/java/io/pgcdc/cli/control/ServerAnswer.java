package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.catalog.SlotUser;
import io.pgcdc.error.SourceException;
import io.pgcdc.guard.SlotInquiry;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.SlotStatus;
import io.pgcdc.source.SourceConfig;

/** Adds to the status of a pipeline that does not run what the source says of its slot. One thread. */
public final class ServerAnswer implements AutoCloseable {

    /** The longest wait for an answer after the login. */
    private static final long LONGEST_MS = 10_000;

    private final SlotInquiry inquiry;
    private final String server;
    private final String slot;

    /** Connects at the first {@link #addTo}. */
    public ServerAnswer(SourceConfig source) {
        server = source.address().describe();
        slot = source.slot();
        inquiry =
                new SlotInquiry(source.address(), source.slot(), (int) Math.min(LONGEST_MS, source.receiveTimeoutMs()));
    }

    /** Asks the source, and adds the answer, or why there is none. */
    public void addTo(ObjectNode status, ObjectMapper json) {
        ObjectNode source = status.withObject("/source");
        source.put("slot", slot);
        try {
            JsonNode durable = source.path("durable_lsn");
            SlotInquiry.Answer answer = inquiry.ask(durable.isTextual() ? Lsn.parse(durable.asText()) : Lsn.INVALID);
            SlotStatus slot = SlotStatus.of(answer.look());
            source.put("server", answer.server());
            source.put("lag_bytes", slot.unreadBytes());
            source.set("wal", wal(slot, json));
            SlotUser user = answer.user();
            if (user != null) {
                source.withObject("/wal/used_by").put("pid", user.pid()).put("client", user.application());
            }
        } catch (SourceException e) {
            source.put("server", server);
            source.set("wal", wal(SlotStatus.of(SlotInquiry.failed(e)), json));
        }
    }

    /** How the pipeline confirms is not the server's to say. */
    private static ObjectNode wal(SlotStatus slot, ObjectMapper json) {
        return SlotJson.of(slot, json).putNull("confirm").putNull("used_by");
    }

    @Override
    public void close() {
        inquiry.close();
    }
}
