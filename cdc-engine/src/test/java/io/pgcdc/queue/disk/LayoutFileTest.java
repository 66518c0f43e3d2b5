package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.PgType.Kind;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import io.pgcdc.model.TableName;
import io.pgcdc.queue.Layouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutFileTest {

    private static final PgType INT4 = PgType.base(23, "int4");
    private static final PgType MOOD = new PgType(90001, "mood", Kind.ENUM, null, ',', List.of(), null);
    private static final PgType POSITIVE = new PgType(90002, "positive", Kind.DOMAIN, INT4, ',', List.of(), null);
    private static final PgType BOX = new PgType(603, "box", Kind.BASE, null, ';', List.of(), null);
    private static final PgType BOXES = new PgType(1020, "_box", Kind.ARRAY, BOX, ',', List.of(), null);
    private static final PgType INT4RANGE = new PgType(3904, "int4range", Kind.RANGE, INT4, ',', List.of(), null);
    private static final PgType MULTI =
            new PgType(4451, "int4multirange", Kind.MULTIRANGE, INT4RANGE, ',', List.of(), null);
    private static final PgType HSTORE = new PgType(-5, "hstore", Kind.BASE, null, ',', List.of(), "hstore");
    private static final PgType ADDRESS = new PgType(
            90003,
            "adresse ä\u0000\n\uD83D\uDE00",
            Kind.COMPOSITE,
            null,
            ',',
            List.of(
                    new PgType.Attribute("moods", new PgType(90004, "_mood", Kind.ARRAY, MOOD, ',', List.of(), null)),
                    new PgType.Attribute("", POSITIVE)),
            null);

    @TempDir
    Path directory;

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = directory.resolve("relations");
    }

    private static Relation table(int oid, PgType... types) {
        List<Column> columns = Arrays.stream(types)
                .map(type -> new Column("c_" + type.name(), type, -1, false))
                .toList();
        return new Relation(0, oid, "public", "t" + oid, ReplicaIdentity.DEFAULT, columns, null, List.of());
    }

    private static Relation withEverything() {
        return new Relation(
                0,
                -16384,
                "user_service",
                "users",
                ReplicaIdentity.FULL,
                List.of(
                        new Column("id", INT4, -1, true),
                        new Column("mood", MOOD, 4, false),
                        new Column("positive", POSITIVE, 5, false),
                        new Column("boxes", BOXES, -1, false),
                        new Column("multi", MULTI, -1, true),
                        new Column("hstore", HSTORE, -1, false),
                        new Column("address", ADDRESS, -1, false),
                        new Column("gone", PgType.unresolved(-1), -1, false)),
                List.of(4, 0),
                List.of(
                        new Membership("all_pub", true, true, true, true, null, null, false),
                        new Membership("some", true, false, true, false, "(id > 5)", List.of("id", "mood"), true),
                        new Membership("none", false, true, false, true, "", List.of(), true)),
                new TableFacts(
                        -7,
                        0,
                        12,
                        true,
                        new TableFacts.Root(-3, "s", "ro\"ot"),
                        Arrays.asList(
                                new ColumnFacts(1, -2, true, null),
                                new ColumnFacts(2, 3, false, ""),
                                null,
                                new ColumnFacts(5, 3, false, "{ä,b}"),
                                null,
                                null,
                                null,
                                null)));
    }

    private static Relation stored(int storage, int stamp, PgType... types) {
        List<ColumnFacts> columns = Arrays.stream(types)
                .map(type -> new ColumnFacts(1, stamp, false, null))
                .toList();
        return table(1, types).withFacts(new TableFacts(storage, 0, types.length, false, null, columns));
    }

    private static int rewrites(Relation relation) {
        TableFacts facts = relation.facts();
        return facts == null ? -1 : facts.rewrites();
    }

    @Test
    void aRewriteIsCountedInTheNextLayout() {
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            Relation one = relations.intern(stored(10, 1, INT4));
            assertEquals(0, rewrites(one));
            assertSame(one, relations.intern(stored(11, 1, INT4)), "a TRUNCATE is no new layout");
            assertEquals(0, rewrites(relations.intern(stored(11, 2, INT4))), "it moved before, under the old layout");
            assertEquals(1, rewrites(relations.intern(stored(12, 3, INT4))));
            assertEquals(1, rewrites(relations.intern(stored(12, 4, INT4))));
            assertEquals(1, rewrites(relations.intern(stored(0, 5, INT4))), "not known");
        }
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(2, rewrites(relations.intern(stored(13, 6, INT4))), "while nobody looked");
        }
    }

    /** After a table's first or a later layout, columns are added while the catalog is ahead of the stream. */
    @ParameterizedTest(name = "rows in {0} before, added filled: {1}, crash: {2}: {3} rewrites")
    @CsvSource(textBlock = """
            0 , true , false, 1
            0 , true , true , 1
            0 , false, false, 0
            10, true , false, 1
            10, true , true , 1
            10, false, false, 1
            11, true , false, 0
            11, false, false, 0
            """)
    void aFileReadTooLateIsNotTheLayoutsFile(int before, boolean filled, boolean crash, int rewrites) {
        Relation lagging = lagging(stored(11, 1, INT4));
        if (before != 0) {
            try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
                relations.intern(stored(before, 1, INT4));
            }
        }
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(0, rewrites(relations.intern(lagging)));
            if (!crash) {
                assertEquals(rewrites, rewrites(relations.intern(added(11, filled))));
            }
        }
        if (crash) {
            try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
                assertEquals(rewrites, rewrites(relations.intern(added(11, filled))));
            }
        }
    }

    /** After a crash the stream repeats changes from before the stored layouts. */
    @Test
    void aRepeatedLayoutIsNoReferenceForRewrites() {
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            relations.intern(stored(10, 1, INT4));
            relations.intern(added(11, true));
        }
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            int again = rewrites(relations.intern(lagging(stored(11, 1, INT4))));
            assertEquals(again + 1, rewrites(relations.intern(added(11, true))));
        }
    }

    /** A column that was altered while the catalog was ahead already has its new stamp. The rewrite is counted at once. */
    @Test
    void alteredColumnsAreComparedWithTheFileReadWithThem() {
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            relations.intern(stored(10, 1, INT4));
            assertEquals(1, rewrites(relations.intern(lagging(stored(11, 2, INT4)))));
            assertEquals(2, rewrites(relations.intern(lagging(stored(12, 3, INT4)))));
            assertEquals(2, rewrites(relations.intern(stored(12, 4, INT4))));
        }
    }

    private static Relation lagging(Relation relation) {
        TableFacts facts = Objects.requireNonNull(relation.facts());
        return relation.withFacts(
                new TableFacts(facts.storage(), 0, facts.lastAttnum(), false, null, facts.columns(), true));
    }

    private static Relation added(int storage, boolean filled) {
        List<ColumnFacts> columns = List.of(new ColumnFacts(1, 1, false, null), new ColumnFacts(2, 1, filled, null));
        return table(1, INT4, MOOD).withFacts(new TableFacts(storage, 0, 2, false, null, columns));
    }

    /** Entries of type 1 end before the facts. */
    @Test
    void entriesOfAnOlderVersionAreReadAndExtended() throws IOException {
        byte[] now = RelationCodec.encode(table(1, INT4, MOOD).withVersion(1));
        byte[] payload = Arrays.copyOf(now, now.length - 1);
        ByteBuffer file = ByteBuffer.allocate(8 + 13 + payload.length);
        file.putInt('P' << 24 | 'G' << 16 | 'C' << 8 | 'R').putInt(1);
        file.put((byte) 1).putInt(payload.length).putInt(crc(payload, 0, payload.length));
        file.putInt(crc(file.array(), 8, 9)).put(payload);
        Files.write(path, file.array());
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(table(1, INT4, MOOD).withVersion(1), relations.byVersion(1));
            assertEquals(2, relations.intern(stored(10, 1, INT4, MOOD)).version());
        }
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(0, rewrites(relations.byVersion(2)));
            assertEquals(-1, rewrites(relations.byVersion(1)));
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    @Test
    void everyKindOfTypeAndEveryFieldComesBack() {
        Relation stored;
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            stored = relations.intern(withEverything());
            assertTrue(stored.sameAs(withEverything()));
            assertEquals(1, stored.version());
        }
        List<Kind> kinds = withEverything().columns().stream()
                .map(column -> column.type().kind())
                .toList();
        assertTrue(kinds.containsAll(
                List.of(Kind.values()).stream().filter(k -> k != Kind.RANGE).toList()));
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(stored, relations.byVersion(1));
            assertEquals(stored, relations.intern(withEverything()));
        }
    }

    @Test
    void theSameLayoutKeepsItsVersionAndAChangedOneGetsTheNext() {
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            Relation one = relations.intern(table(1, INT4));
            Relation other = relations.intern(table(2, INT4));
            assertSame(one, relations.intern(table(1, INT4).withVersion(99)));
            Relation changed = relations.intern(table(1, INT4, MOOD));
            Relation back = relations.intern(table(1, INT4));
            assertEquals(
                    List.of(1, 2, 3, 4), List.of(one.version(), other.version(), changed.version(), back.version()));
            assertSame(one, relations.byVersion(1));
            assertSame(changed, relations.byVersion(3));
        }
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(4, relations.intern(table(1, INT4)).version());
            assertEquals(5, relations.intern(table(3, INT4)).version());
        }
    }

    @Test
    void aMissingVersionIsAnError() {
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertEquals(
                    ErrorCode.QUEUE_DAMAGED,
                    assertThrows(QueueException.class, () -> relations.byVersion(1))
                            .code());
        }
    }

    @Test
    void aTornTailIsCutOffAndItsVersionNotReused() throws IOException {
        long[] sizes = new long[3];
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            for (int i = 0; i < 3; i++) {
                relations.intern(table(i + 1, INT4));
                sizes[i] = Files.size(path);
            }
        }
        byte[] whole = Files.readAllBytes(path);
        for (long length = sizes[1] + 1; length < sizes[2]; length++) {
            Files.write(path, Arrays.copyOf(whole, (int) length));
            for (int again = 0; again < 2; again++) {
                try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
                    assertTrue(relations.byVersion(2).sameAs(table(2, INT4)));
                    assertThrows(QueueException.class, () -> relations.byVersion(3));
                }
            }
            try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
                assertEquals(4, relations.intern(table(9, INT4)).version());
            }
        }
    }

    @Test
    void aTailOfZeroesIsTorn() throws IOException {
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            relations.intern(table(1, INT4));
        }
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(whole, whole.length + 100));
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            assertTrue(relations.byVersion(1).sameAs(table(1, INT4)));
        }
    }

    @Test
    void aFlippedBitBeforeTheLastEntryNamesFileAndPosition() throws IOException {
        long before;
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            relations.intern(withEverything());
            before = Files.size(path);
            relations.intern(table(2, INT4));
        }
        byte[] whole = Files.readAllBytes(path);
        for (int at = 0; at < before; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(path, flipped);
            QueueException e =
                    assertThrows(QueueException.class, () -> Layouts.open(LayoutFile.open(path)), "byte " + at);
            assertTrue(e.code() == ErrorCode.QUEUE_DAMAGED || e.code() == ErrorCode.QUEUE_FORMAT);
            assertTrue(String.valueOf(e.getMessage()).contains(path.toString()));
        }
    }

    /** A version that a segment may name must never get another table's layout. */
    @Test
    void aFlippedBitInTheLastEntryLosesItsVersion() throws IOException {
        long before;
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            relations.intern(table(1, INT4));
            before = Files.size(path);
            relations.intern(table(2, INT4));
        }
        byte[] whole = Files.readAllBytes(path);
        for (int at = (int) before; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(path, flipped);
            try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
                assertThrows(QueueException.class, () -> relations.byVersion(2));
                assertEquals(3, relations.intern(table(2, INT4)).version());
            } catch (QueueException e) {
                assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
            }
        }
    }

    /** A table with another alias is another version, and a version without an alias reads as before. */
    @Test
    void theRealNameOfASharedNameIsKept() {
        Relation plain = table(1, INT4);
        Relation shard = new Relation(
                0,
                1,
                "public",
                "orders",
                plain.identity(),
                plain.columns(),
                null,
                List.of(),
                null,
                new TableName("public", "orders_ä"));
        try (Layouts layouts = Layouts.open(LayoutFile.open(path))) {
            assertEquals(1, layouts.intern(plain).version());
            assertEquals(2, layouts.intern(shard).version());
            assertEquals(2, layouts.intern(shard).version());
        }
        try (Layouts layouts = Layouts.open(LayoutFile.open(path))) {
            assertEquals(plain.withVersion(1), layouts.byVersion(1));
            assertEquals(shard.withVersion(2), layouts.byVersion(2));
            assertEquals(2, layouts.intern(shard).version());
        }
    }

    @Test
    void bytesOfNoRelationAreAnIOException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = RelationCodec.encode(withEverything());
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int flips = 0; flips < 3 && bytes.length > 0; flips++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                RelationCodec.decode(bytes, true, false);
            } catch (IOException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    @Test
    void sinksReadWhileCaptureWrites() throws Exception {
        int count = 200;
        AtomicInteger interned = new AtomicInteger();
        try (Layouts relations = Layouts.open(LayoutFile.open(path))) {
            CompletableFuture<Void> sink = CompletableFuture.runAsync(() -> {
                while (interned.get() < count) {
                    int version = interned.get();
                    if (version > 0) {
                        assertEquals(version, relations.byVersion(version).oid());
                    }
                }
            });
            for (int i = 1; i <= count; i++) {
                relations.intern(table(i, INT4));
                interned.set(i);
            }
            sink.get(30, TimeUnit.SECONDS);
        }
    }
}
