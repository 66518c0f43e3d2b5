package io.pgcdc.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.capture.Capture;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Lifecycle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostChoiceTest {

    private static final Set<ErrorCode> GAPS =
            Set.of(ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND, ErrorCode.SLOT_GONE, ErrorCode.POSITION_GAP);

    private final List<String> visited = new ArrayList<>();
    private final Map<String, CdcException> errors = new HashMap<>();
    private boolean gapAccepted;

    private static HostChoice choice(String hosts) {
        ServerAddress address = ServerUrl.parse("postgresql://cdc@" + hosts + "/shop", Map.of(), "cdc");
        return new HostChoice(address, new Lifecycle(Clock.SYSTEM), Capture.PASSING);
    }

    private void refuses(String host, ErrorCode code) {
        errors.put(host, new SourceException(code, "told by " + host + "; there. Do this."));
    }

    private String visit(ServerAddress host) {
        String name = host.hosts().get(0).host();
        visited.add(name);
        CdcException error = errors.get(name);
        if (error != null && !(gapAccepted && GAPS.contains(error.code()))) {
            throw error;
        }
        return name;
    }

    private CdcException refused(HostChoice hosts, boolean again) {
        return assertThrows(CdcException.class, () -> hosts.first(this::visit, again));
    }

    @Test
    void theFirstHostThatPassesIsTaken() {
        HostChoice hosts = choice("a,b,c");
        assertEquals("a", hosts.first(this::visit, false));
        assertEquals(List.of("a"), visited);
        assertEquals("a:5432/shop as cdc", hosts.current().describe());
    }

    @ParameterizedTest
    @CsvSource({
        "SLOT_GONE",
        "TIMELINE_FORKED",
        "SERVER_BEHIND",
        "POSITION_GAP",
        "SLOT_MISSING",
        "SLOT_INVALIDATED",
        "SLOT_IN_USE",
        "SOURCE_IN_RECOVERY",
        "SOURCE_UNREACHABLE",
        "CONNECTION_LOST",
        "PUBLICATION_MISSING",
        "AUTHENTICATION_FAILED"
    })
    void whateverAHostRefusesForTheNextIsTried(ErrorCode code) {
        for (boolean again : new boolean[] {false, true}) {
            HostChoice hosts = choice("a,b");
            refuses("a", code);
            assertEquals("b", hosts.first(this::visit, again));
            assertEquals("b:5432/shop as cdc", hosts.current().describe());
        }
    }

    @Test
    void anotherClustersServerIsPassedOverToo() {
        errors.put("a", new QueueException(ErrorCode.QUEUE_OTHER_SOURCE, "another system; there. Do this."));
        assertEquals("b", choice("a,b").first(this::visit, false));
        refuses("b", ErrorCode.SOURCE_UNREACHABLE);
        assertEquals(ErrorCode.QUEUE_OTHER_SOURCE, refused(choice("a,b"), false).code());
    }

    /** At a start a person reads the error; on a reconnect the run waits for whoever may still come. */
    @ParameterizedTest
    @CsvSource({
        "TIMELINE_FORKED, SOURCE_UNREACHABLE, TIMELINE_FORKED, SOURCE_UNREACHABLE",
        "SOURCE_UNREACHABLE, TIMELINE_FORKED, TIMELINE_FORKED, SOURCE_UNREACHABLE",
        "SERVER_BEHIND, SOURCE_IN_RECOVERY, SERVER_BEHIND, SOURCE_IN_RECOVERY",
        "SLOT_GONE, TIMELINE_FORKED, SLOT_GONE, SLOT_GONE",
        "SOURCE_UNREACHABLE, SOURCE_IN_RECOVERY, SOURCE_UNREACHABLE, SOURCE_UNREACHABLE",
        // the successor of a primary that is gone: waiting for that one would not end
        "SOURCE_UNREACHABLE, SLOT_GONE, SLOT_GONE, SLOT_GONE",
        "SOURCE_UNREACHABLE, POSITION_GAP, POSITION_GAP, POSITION_GAP",
    })
    void theErrorIsTheOneThatTellsMost(ErrorCode a, ErrorCode b, ErrorCode atStart, ErrorCode again) {
        refuses("a", a);
        refuses("b", b);
        assertEquals(atStart, refused(choice("a,b"), false).code());
        assertEquals(again, refused(choice("a,b"), true).code());
    }

    @Test
    void theMessageNamesTheHostThatAnsweredAndWhatTheOthersSaid() {
        refuses("a", ErrorCode.TIMELINE_FORKED);
        refuses("b", ErrorCode.SOURCE_UNREACHABLE);
        assertEquals(
                "told by a; there. Do this. The URL's other hosts: b:5432: CDC-101 told by b.",
                refused(choice("a,b"), false).getMessage());
        assertEquals("told by a; there. Do this.", refused(choice("a"), false).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "TIMELINE_FORKED, SOURCE_IN_RECOVERY, true",
        "SLOT_GONE, SOURCE_IN_RECOVERY, true",
        "TIMELINE_FORKED, SOURCE_UNREACHABLE, false",
        "SERVER_BEHIND, SOURCE_UNREACHABLE, false",
        "POSITION_GAP, SOURCE_UNREACHABLE, false",
        "TIMELINE_FORKED, SERVER_BEHIND, false",
        "TIMELINE_FORKED, SLOT_IN_USE, false",
        "AUTHENTICATION_FAILED, SOURCE_IN_RECOVERY, false",
    })
    void aGapIsAcceptedOnlyWhereNoOtherHostMayBeTheRightOne(ErrorCode a, ErrorCode b, boolean accepted) {
        HostChoice hosts = choice("b,a");
        refuses("a", a);
        refuses("b", b);
        refused(hosts, false);
        gapAccepted = true;
        if (accepted) {
            assertEquals("a", hosts.withGap(this::visit, GAPS));
            assertEquals("a:5432/shop as cdc", hosts.current().describe());
        } else {
            CdcException e = assertThrows(CdcException.class, () -> hosts.withGap(this::visit, GAPS));
            assertEquals(GAPS.contains(a), e.getMessage().contains("--accept-gap was refused"), e.getMessage());
        }
    }

    @Test
    void aSingleHostsGapIsAccepted() {
        HostChoice hosts = choice("a");
        refuses("a", ErrorCode.TIMELINE_FORKED);
        assertFalse(refused(hosts, false).getMessage().contains("other hosts"));
        gapAccepted = true;
        assertEquals("a", hosts.withGap(this::visit, GAPS));
    }

    @Test
    void whatNoHostCanHelpEndsTheRound() {
        for (CdcException error : List.of(
                new QueueException(ErrorCode.QUEUE_DAMAGED, "damaged"),
                new SinkException(ErrorCode.TARGET_LOGIN_REFUSED, "refused"))) {
            visited.clear();
            errors.put("a", error);
            assertSame(error, refused(choice("a,b"), false));
            assertEquals(List.of("a"), visited);
        }
    }

    @Test
    void aStopEndsTheRound() {
        ServerAddress address = ServerUrl.parse("postgresql://cdc@a,b/shop", Map.of(), "cdc");
        Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
        HostChoice hosts = new HostChoice(address, lifecycle, Capture.PASSING);
        refuses("a", ErrorCode.SLOT_IN_USE);
        lifecycle.stop();
        refused(hosts, false);
        assertEquals(List.of("a"), visited);
    }
}
