package io.pgcdc.sinks.kafka.format;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Makes events of CloudEvents 1.0 around native records, with the record_id as key.
 *
 * <pre>
 *   id               0/1A2B3C8:5           the position, followed by /delete or /insert for the two records of a key change
 *   source           /postgresql/SYSTEM_IDENTIFIER/DATABASE/SLOT
 *   type             io.pgcdc.change.update
 *   subject          schema.table/record_id, or schema.table; a message's prefix
 *   time             of the commit
 *   datacontenttype  application/json
 *   data             the native record
 *   and              schemaname, tablename, xid, lsn, origin, partitionkey (the record's key), and sequence: hexadecimal epoch, commit LSN,
 *                    ordinal + 1 and the part of a key change, so that sorting the texts sorts the changes
 * </pre>
 *
 * A change gives the same bytes each time. For one thread.
 */
final class CloudEventEncoding implements Encoding {

    /** CloudEvents' writer requires a topic. The record's topic is set elsewhere. */
    private static final String NO_TOPIC = "";

    private static final String JSON = "application/json";
    private static final HexFormat HEX = HexFormat.of();
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final NativeEncoding records = new NativeEncoding();
    private final JsonFormat json = new JsonFormat();
    private final CloudEventMode mode;
    private final URI source;
    private final Map<ChangeKind, String> types = new EnumMap<>(ChangeKind.class);
    private final JsonBuffer key = new JsonBuffer();
    private final JsonBuffer data = new JsonBuffer();
    private List<Header> headers = List.of();

    /**
     * @param source value of the attribute source
     * @param type first part of the attribute type
     */
    CloudEventEncoding(CloudEventMode mode, URI source, String type) {
        this.mode = mode;
        this.source = source;
        for (ChangeKind kind : ChangeKind.delivered()) {
            types.put(kind, type + "." + kind.name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out) {
        return records.appendKey(change, part, table, out);
    }

    @Override
    public void appendKey(Change change, MessageView message, JsonBuffer out) {
        records.appendKey(change, message, out);
    }

    @Override
    public void appendValue(Change change, Part part, TableRecords table, JsonBuffer out) {
        ChangeKind kind = part.kind(change);
        CloudEventBuilder event = event(change, kind, part == Part.ALL ? "" : "/" + name(kind), part);
        Relation relation = Objects.requireNonNull(change.relation());
        key.clear();
        if (appendKey(change, part, table, key)) {
            String recordId = key.toString();
            event.withSubject(table.name() + "/" + recordId).withExtension("partitionkey", recordId);
        } else {
            event.withSubject(table.name());
        }
        event.withExtension("schemaname", relation.schema()).withExtension("tablename", relation.name());
        data.clear();
        records.appendValue(change, part, table, data);
        write(event, out);
    }

    @Override
    public void appendValue(Change change, MessageView message, JsonBuffer out) {
        CloudEventBuilder event = event(change, ChangeKind.MESSAGE, "", Part.ALL);
        if (!message.prefix().isEmpty()) {
            event.withSubject(message.prefix()).withExtension("partitionkey", message.prefix());
        }
        data.clear();
        records.appendValue(change, message, data);
        write(event, out);
    }

    private CloudEventBuilder event(Change change, ChangeKind kind, String half, Part part) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(change.position() + half)
                .withSource(source)
                .withType(Objects.requireNonNull(types.get(kind)))
                .withTime(time(change.commitTimeMicros()))
                .withDataContentType(JSON)
                .withExtension("lsn", Lsn.toString(change.lsn()))
                .withExtension(
                        "sequence",
                        HEX.toHexDigits(change.epoch())
                                + HEX.toHexDigits(change.commitLsn())
                                + place(change.ordinal())
                                + (part == Part.ADDED ? '1' : '0'));
        if (change.xid() != 0) {
            event.withExtension("xid", Integer.toUnsignedString(change.xid()));
        }
        String origin = change.origin();
        return origin == null ? event : event.withExtension("origin", origin);
    }

    /** Sorts as text in the order of ordinals: "-" comes before all digits. */
    private static String place(long ordinal) {
        return Position.isRead(ordinal)
                ? "-" + HEX.toHexDigits(ordinal - Position.FIRST_READ_ORDINAL)
                : HEX.toHexDigits(ordinal + 1); // a message outside a transaction has -1
    }

    private static String name(ChangeKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static OffsetDateTime time(long micros) {
        return Instant.ofEpochSecond(
                        Math.floorDiv(micros, MICROS_PER_SECOND),
                        Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO)
                .atOffset(ZoneOffset.UTC);
    }

    private void write(CloudEventBuilder event, JsonBuffer out) {
        ProducerRecord<?, byte[]> written;
        if (mode == CloudEventMode.BINARY) {
            written = KafkaMessageFactory.createWriter(NO_TOPIC).writeBinary(event.build());
            out.append(data.array(), 0, data.length()); // the writer needs no data for the headers
        } else {
            event.withData(Arrays.copyOf(data.array(), data.length()));
            written = KafkaMessageFactory.createWriter(NO_TOPIC).writeStructured(event.build(), json);
            out.append(written.value());
        }
        headers = List.of(written.headers().toArray());
    }

    @Override
    public List<Header> headers() {
        return headers;
    }
}
