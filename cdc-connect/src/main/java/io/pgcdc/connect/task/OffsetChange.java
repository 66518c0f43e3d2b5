package io.pgcdc.connect.task;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.connect.config.SourceSpec;
import io.pgcdc.connect.config.Wording;
import io.pgcdc.connect.offset.Partitions;
import io.pgcdc.connect.offset.StreamOffset;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.QueueIdentity;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Checks offsets that a person sets over REST, before Kafka Connect keeps them. One thread. */
public final class OffsetChange {

    private final List<SourceSpec> sources;

    public OffsetChange(List<SourceSpec> sources) {
        this.sources = List.copyOf(sources);
    }

    /**
     * Checks all offsets. An offset that is deleted passes.
     *
     * @throws ConnectException with an OFFSET_REFUSED, or because a server cannot be asked
     */
    public void check(Map<Map<String, ?>, Map<String, ?>> offsets) {
        try {
            offsets.forEach(this::check);
        } catch (CdcException e) {
            throw new ConnectException(Wording.of(e), e);
        }
    }

    private void check(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
        if (offset == null) {
            return;
        }
        Partitions.Kind kind = Partitions.kind(partition);
        if (kind != Partitions.Kind.STREAM) {
            throw refused("partition " + partition
                    + (kind == null ? " is none of this connector" : " is written by the connector alone")
                    + ". Set the offset of a partition {system, database, slot}; delete the others, so that the connector begins"
                    + " them anew.");
        }
        String slot = Partitions.slot(partition);
        SourceSpec source = sources.stream()
                .filter(s -> s.source().slot().equals(slot))
                .findFirst()
                .orElseThrow(() -> refused("no source of the connector has slot \"" + slot + "\". Its sources have "
                        + sources.stream().map(s -> s.source().slot()).toList() + "."));
        StreamOffset wanted;
        try {
            wanted = StreamOffset.parse(offset);
        } catch (IllegalArgumentException e) {
            throw refused("the offset of slot \"" + slot + "\" " + e.getMessage() + ".");
        }
        compare(source, partition, wanted);
    }

    private static void compare(SourceSpec source, Map<String, ?> partition, StreamOffset wanted) {
        QueueIdentity server = new ServerIdentity(source.source()).identify();
        if (!Partitions.stream(server).equals(partition)) {
            throw refused("the partition " + partition + " is of another source than slot \""
                    + source.source().slot()
                    + "\" at " + source.source().address().describe() + ", whose partition is "
                    + Partitions.stream(server) + ". Write this one.");
        }
        ServerAddress address = source.source().address();
        try (CatalogConnection catalog =
                new CatalogConnection(address.jdbcUrl(), address::properties, address.describe(), (int)
                        source.source().receiveTimeoutMs())) {
            requireKept(source, catalog, wanted);
        }
    }

    /** The server must still have all changes after the offset, and must have written those before it. */
    private static void requireKept(SourceSpec source, CatalogConnection catalog, StreamOffset wanted) {
        String slot = source.source().slot();
        SlotState state = new Preflight(catalog, slot, source.source().publications())
                .inspect(true, true)
                .slot();
        if (state == null) {
            throw refused("slot \"" + slot + "\" does not exist at " + catalog.where()
                    + ". Create it first, or delete the connector's offsets, so that it begins anew.");
        }
        if (Lsn.compare(wanted.acknowledged(), state.confirmedFlushLsn()) < 0) {
            throw refused("slot \"" + slot + "\" stands at " + Lsn.toString(state.confirmedFlushLsn())
                    + ", and the offset acknowledges " + Lsn.toString(wanted.acknowledged())
                    + ": the changes in between are gone from the server. Write at least "
                    + Lsn.toString(state.confirmedFlushLsn()) + ".");
        }
        long end = new SlotUpkeep(catalog).currentFlushLsn();
        Position position = wanted.position();
        long last = position == null ? wanted.acknowledged() : Lsn.max(wanted.acknowledged(), position.commitLsn());
        if (Lsn.compare(last, end) > 0) {
            throw refused("the offset is at " + Lsn.toString(last) + ", and the server's WAL ends at "
                    + Lsn.toString(end) + ": the connector would skip changes. Write at most this.");
        }
    }

    private static QueueException refused(String what) {
        return new QueueException(ErrorCode.OFFSET_REFUSED, what);
    }
}
