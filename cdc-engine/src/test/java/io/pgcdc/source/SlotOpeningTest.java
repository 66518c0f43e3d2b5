package io.pgcdc.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.ServerFacts;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.wire.NewSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotOpeningTest {

    private static final long MADE_AT = 0x3000;

    private SettingValues settings = SettingValues.NONE
            .with(SourceSettings.SLOT, "s")
            .with(SourceSettings.PUBLICATIONS, List.of("p", "q"))
            .with(SourceSettings.CREATE_SLOT, true);

    /** What was made, in order. */
    private final List<String> made = new ArrayList<>();

    private static final String SNAPSHOT = "00000003-0000001B-1";

    private final SlotMaker maker = new SlotMaker() {
        @Override
        public void requireFreeSlot() {
            made.add("free?");
        }

        @Override
        public void createPublication(String name, List<TableName> tables) {
            made.add("publication " + name + (tables.isEmpty() ? "" : " of " + tables));
        }

        @Override
        public NewSlot createSlot(String name, boolean failover, boolean export) {
            made.add((failover ? "failover slot " : "slot ") + name + (export ? " with a snapshot" : ""));
            return new NewSlot(MADE_AT, export ? SNAPSHOT : null);
        }
    };

    private <T> void set(Setting<T> setting, T value) {
        settings = settings.with(setting, value);
    }

    private SlotOpening opening() {
        SourceConfig source = SourceConfig.of(settings, ServerUrl.parse("postgresql://db/shop", Map.of(), "cdc"));
        return new SlotOpening(source, "db:5432/shop as cdc");
    }

    private static SlotState slot(String confirmedFlushLsn) {
        long lsn = Lsn.parse(confirmedFlushLsn);
        return new SlotState("s", "pgoutput", "shop", null, lsn, lsn, "reserved", null);
    }

    private static Preflight.Findings found(@Nullable SlotState slot, int major, String... missingPublications) {
        return new Preflight.Findings(
                new ServerFacts(major * 10_000, major + ".0", "logical", false, "shop", 5, 0),
                slot,
                List.of(missingPublications),
                List.of());
    }

    private static SourceException refused(Runnable judged) {
        return assertThrows(SourceException.class, judged::run);
    }

    /** The queue ends at 0/2000. LSNs are unsigned. */
    @ParameterizedTest
    @CsvSource({
        "0/0, true", "0/1FFF, true", "0/2000, true",
        "0/2001, false", "1/0, false", "FFFFFFFF/0, false",
    })
    void aSlotThatStandsAfterTheQueuesEndHasLostChanges(String slot, boolean whole) {
        Runnable check = () -> opening().check(slot(slot), Lsn.parse("0/2000"));
        if (whole) {
            assertDoesNotThrow(check::run);
        } else {
            assertEquals(ErrorCode.POSITION_GAP, refused(check).code());
        }
    }

    @Test
    void aGapIsNamedFromWhereToWhere() {
        SourceException gap = refused(() -> opening().check(slot("0/2500"), Lsn.parse("0/2000")));
        assertEquals(
                "the queue ends at LSN 0/2000 and slot \"s\" stands at 0/2500: changes in between are lost, because the slot was"
                        + " recreated or another consumer moved it; db:5432/shop as cdc. To continue from the slot, without them, start with"
                        + " --accept-gap.",
                gap.getMessage());
    }

    @Test
    void aQueueWhoseSlotIsGoneHasLostChanges() {
        SourceException gone = refused(() -> opening().check(null, Lsn.parse("0/2000")));
        assertEquals(ErrorCode.SLOT_GONE, gone.code());
    }

    @Test
    void aSlotThatIsThereIsTakenAsItIs() {
        assertEquals(new NewSlot(0x2500, null), opening().open(found(slot("0/2500"), 18, "p"), maker, false));
        assertEquals(List.of(), made);
    }

    @Test
    void aNewSlotMayExportASnapshot() {
        assertEquals(new NewSlot(MADE_AT, SNAPSHOT), opening().open(found(null, 18), maker, true));
        assertEquals(List.of("free?", "slot s with a snapshot"), made);
    }

    /** A slot does not see a publication that is younger than itself. */
    @Test
    void publicationsAreMadeBeforeTheSlot() {
        assertEquals(new NewSlot(MADE_AT, null), opening().open(found(null, 18, "p", "q"), maker, false));
        assertEquals(List.of("free?", "publication p", "publication q", "slot s"), made);
    }

    @Test
    void onlyMissingPublicationsAreMadeWithTheirTables() {
        TableName orders = TableName.parse("shop.orders");
        set(SourceSettings.PUBLICATION_TABLES, List.of(orders));
        opening().open(found(null, 18, "q"), maker, false);
        assertEquals(List.of("free?", "publication q of " + List.of(orders), "slot s"), made);
    }

    @Test
    void noSlotIsMadeWithoutLeave() {
        set(SourceSettings.CREATE_SLOT, false);
        SourceException missing = refused(() -> opening().open(found(null, 18, "p"), maker, false));
        assertEquals(ErrorCode.SLOT_MISSING, missing.code());
        assertEquals(List.of(), made);
    }

    @ParameterizedTest
    @CsvSource({"14, false", "16, false", "17, true", "18, true"})
    void failoverSlotsAreMadeFrom17On(int major, boolean has) {
        set(SourceSettings.FAILOVER_SLOT, true);
        if (has) {
            opening().open(found(null, major), maker, false);
            assertEquals(List.of("free?", "failover slot s"), made);
        } else {
            SourceException old = refused(() -> opening().open(found(null, major, "p"), maker, false));
            assertEquals(ErrorCode.SERVER_TOO_OLD, old.code());
            assertEquals(List.of(), made);
        }
    }
}
