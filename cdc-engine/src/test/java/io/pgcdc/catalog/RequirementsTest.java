package io.pgcdc.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.session.SourceFindings;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {

    private static final String WHERE = "db:5432/shop as cdc";
    private static final ServerFacts FIT = server(180_001, "18.1", "logical", false);

    @ParameterizedTest
    @ValueSource(ints = {140_000, 150_004, 160_010, 170_007, 180_001, 190_000})
    void aPrimaryFrom14OnWithLogicalWalWillDo(int version) {
        assertFits(r -> r.server(server(version, "x", "logical", false)));
    }

    @ParameterizedTest
    @ValueSource(ints = {90_624, 130_023})
    void anOlderServerIsTooOldWhateverElseIsWrong(int version) {
        Finding refusal = refused(r -> r.server(server(version, "13.23", "replica", true)));
        assertEquals(ErrorCode.SERVER_TOO_OLD, refusal.code());
        assertEquals(
                "PostgreSQL 13.23 is too old, pgcdc reads 14 and later; db:5432/shop as cdc. Upgrade the server.",
                refusal.message());
    }

    @Test
    void aStandbyIsRefused() {
        Finding refusal = refused(r -> r.server(server(180_001, "18.1", "logical", true)));
        assertEquals(ErrorCode.SOURCE_IN_RECOVERY, refusal.code());
        assertEquals("the server is a standby; db:5432/shop as cdc. Connect to the primary.", refusal.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "replica"})
    void otherWalLevelsAreRefused(String level) {
        Finding refusal = refused(r -> r.server(server(180_001, "18.1", level, false)));
        assertEquals(ErrorCode.WAL_LEVEL_NOT_LOGICAL, refusal.code());
    }

    /** From 19 on the server switches logical decoding on when the first slot is made: only its own answer counts. */
    @ParameterizedTest
    @ValueSource(strings = {"minimal", "replica"})
    void theWalLevelOfALaterServerIsLeftToIt(String level) {
        assertFits(r -> r.server(server(190_000, "19.0", level, false)));
    }

    @ParameterizedTest
    @CsvSource({
        "cdc, false, 'As a superuser: ALTER ROLE \"cdc\" REPLICATION;'",
        "o\"dd, false, 'As a superuser: ALTER ROLE \"o\"\"dd\" REPLICATION;'",
        "cdc, true, 'As a role of the administrator: GRANT rds_replication TO \"cdc\";'",
        "o\"dd, true, 'As a role of the administrator: GRANT rds_replication TO \"o\"\"dd\";'",
    })
    void theRemedyForALoginWithoutReplicationIsSqlToPaste(String role, boolean rds, String sql) {
        SQLException said = new SQLException("FATAL: permission denied to start WAL sender", "42501");
        SourceException refusal = new Requirements(WHERE).replicationRefused(new Login(role, rds), said);
        assertEquals(ErrorCode.REPLICATION_PRIVILEGE_MISSING, refusal.code());
        assertEquals(
                "role \"" + role + "\" may not use replication: permission denied to start WAL sender;"
                        + " db:5432/shop as cdc. " + sql,
                refusal.getMessage());
    }

    @Test
    void anIdleSlotOfThisDatabaseWillDo() {
        assertFits(r -> r.slot(slot("pgoutput", "shop", null, "reserved", null), FIT));
        assertFits(r -> r.slot(slot("pgoutput", "shop", null, "unreserved", null), FIT));
    }

    @Test
    void eachUnfitSlotHasACodeOfItsOwn() {
        assertEquals(ErrorCode.SLOT_OTHER_PLUGIN, code(slot(null, null, null, "reserved", null)));
        assertEquals(ErrorCode.SLOT_OTHER_PLUGIN, code(slot("test_decoding", "shop", null, "reserved", null)));
        assertEquals(ErrorCode.SLOT_OTHER_DATABASE, code(slot("pgoutput", "other", null, "reserved", null)));
        assertEquals(ErrorCode.SLOT_INVALIDATED, code(slot("pgoutput", "shop", null, "lost", null)));
        assertEquals(ErrorCode.SLOT_INVALIDATED, code(slot("pgoutput", "shop", null, "reserved", "idle_timeout")));
        assertEquals(ErrorCode.SLOT_IN_USE, code(slot("pgoutput", "shop", 812, "reserved", null)));
    }

    @Test
    void aMissingSlotIsRefusedUnlessItMayBeCreated() {
        assertEquals(
                ErrorCode.SLOT_MISSING, refused(r -> r.missingSlot("s", false)).code());
        assertFits(r -> r.missingSlot("s", true));
    }

    /** Invariant 5: the advice must not lead to a slot that is older than its publication. */
    @Test
    void aMissingPublicationMayBeCreatedOnlyWhereTheSlotIsStillMissingToo() {
        SlotState slot = slot("pgoutput", "shop", null, "reserved", null);
        List<String> missing = List.of("p", "q");
        assertFits(r -> r.publications(List.of(), false, "s", slot));
        assertFits(r -> r.publications(missing, true, "s", null));
        assertEquals(
                ErrorCode.PUBLICATION_MISSING,
                refused(r -> r.publications(missing, false, "s", null)).code());
        assertEquals(
                ErrorCode.PUBLICATION_SLOT_ORDER,
                refused(r -> r.publications(missing, true, "s", slot)).code());
        Finding refusal = refused(r -> r.publications(missing, false, "s", slot));
        assertEquals(ErrorCode.PUBLICATION_MISSING, refusal.code());
        assertEquals(
                "publications \"p\", \"q\" do not exist, and existing slot \"s\" would not see one that is created"
                        + " now; db:5432/shop as cdc. Check --publication; to create it, also choose another --slot and"
                        + " --queue-dir, or drop the slot.",
                refusal.message());
    }

    /** All of what is wrong is found at once, a cause before its effects. */
    @Test
    void severalThingsAreFoundInOneLook() {
        List<Finding> findings = found(r -> {
            r.server(server(180_001, "18.1", "replica", true));
            r.slot(slot("pgoutput", "other", 812, "lost", null), FIT);
            r.publications(List.of("p"), false, "s", null);
        });
        assertEquals(
                List.of(
                        ErrorCode.SOURCE_IN_RECOVERY,
                        ErrorCode.WAL_LEVEL_NOT_LOGICAL,
                        ErrorCode.SLOT_OTHER_DATABASE,
                        ErrorCode.SLOT_INVALIDATED,
                        ErrorCode.SLOT_IN_USE,
                        ErrorCode.PUBLICATION_MISSING),
                findings.stream().map(Finding::code).toList());
        SourceException first = assertThrows(SourceException.class, () -> SourceFindings.requireNoneFatal(findings));
        assertEquals(ErrorCode.SOURCE_IN_RECOVERY, first.code());
        assertEquals(findings.get(0).message(), first.getMessage());
    }

    private ErrorCode code(SlotState slot) {
        return refused(r -> r.slot(slot, FIT)).code();
    }

    private static List<Finding> found(Consumer<Requirements> check) {
        Requirements own = new Requirements(WHERE);
        check.accept(own);
        return own.findings();
    }

    private static void assertFits(Consumer<Requirements> check) {
        assertEquals(List.of(), found(check));
    }

    /** The one finding, or the first of several. */
    private static Finding refused(Consumer<Requirements> check) {
        Finding first = found(check).get(0);
        assertEquals(Finding.Severity.FATAL, first.severity());
        return first;
    }

    private static ServerFacts server(int number, String version, String walLevel, boolean recovery) {
        return new ServerFacts(number, version, walLevel, recovery, "shop", 5, 0);
    }

    private static SlotState slot(
            @Nullable String plugin,
            @Nullable String database,
            @Nullable Integer pid,
            String walStatus,
            @Nullable String reason) {
        return new SlotState("s", plugin, database, pid, Lsn.parse("0/10"), Lsn.parse("0/8"), walStatus, reason);
    }
}
