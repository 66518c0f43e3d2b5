package io.pgcdc.sinks.postgres.transaction;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Each error code of PostgreSQL 14 to 18 (documentation, Appendix A), and what a sink does about it. */
class TargetFailureTest {

    private static final Map<TargetFailure, String> STATES = new EnumMap<>(Map.of(
            TargetFailure.LOST,
            "08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 57P01 57P02 57P03 57P04 57P05",
            TargetFailure.BUSY,
            "25006 40000 40001 40002 40003 40P01 53000 53100 53200 53300 53400 55006 55P03 57000 57014 58000 58030 58P01 58P02 58P03 72000"
                    + " XX000",
            TargetFailure.REFUSED,
            "21000 22000 22001 22002 22003 22004 22005 22007 22008 22009 2200B 2200C 2200D 2200F 2200G 2200H 2200L 2200M 2200N 2200S 2200T"
                    + " 22010 22011 22012 22013 22014 22015 22016 22018 22019 2201B 2201E 2201F 2201G 2201W 2201X 22021 22022 22023 22024"
                    + " 22025 22026 22027 2202E 2202G 2202H 22030 22031 22032 22033 22034 22035 22036 22037 22038 22039 2203A 2203B 2203C"
                    + " 2203D 2203E 2203F 2203G 22P01 22P02 22P03 22P04 22P05 22P06 23000 23001 23502 23503 23505 23514 23P01 44000 54000"
                    + " P0000 P0001 P0002 P0003 P0004",
            TargetFailure.PRIVILEGE,
            "42501",
            TargetFailure.MISSING,
            "3F000 42883 42P01",
            TargetFailure.MISFIT,
            "42703 42704 42804 42809 42846 428C9 42P10",
            TargetFailure.FAILED,
            "02000 02001 03000 09000 0A000 0B000 0F000 0F001 0L000 0LP01 0P000 0Z000 0Z002 20000 24000 25000 25001 25002 25003 25004 25005"
                    + " 25007 25008 25P01 25P02 26000 27000 28000 28P01 2B000 2BP01 2D000 2F000 2F002 2F003 2F004 2F005 34000 38000 38001"
                    + " 38002 38003 38004 39000 39001 39004 39P01 39P02 39P03 3B000 3B001 3D000 42000 42601 42602 42611 42622 42701 42702"
                    + " 42710 42712 42723 42725 42803 42830 42939 42P02 42P03 42P04 42P05 42P06 42P07 42P08 42P09 42P11 42P12 42P13 42P14"
                    + " 42P15 42P16 42P17 42P18 42P19 42P20 42P21 42P22 54001 54011 54023 55000 55P02 55P04 F0000 F0001 HV000 HV001 HV002"
                    + " HV004 HV005 HV006 HV007 HV008 HV009 HV00A HV00B HV00C HV00D HV00J HV00K HV00L HV00M HV00N HV00P HV00Q HV00R HV010"
                    + " HV014 HV021 HV024 HV090 HV091 XX001 XX002"));

    /** States that a server sends when it refuses a connection, and what comes of it. */
    private static final Map<String, ErrorCode> CONNECTING = Map.of(
            "57P03", ErrorCode.TARGET_LOST, // starts up
            "53300", ErrorCode.TARGET_BUSY, // no connection is left
            "XX000", ErrorCode.TARGET_BUSY,
            "55000", ErrorCode.TARGET_LOGIN_REFUSED, // ALLOW_CONNECTIONS false
            "42704", ErrorCode.TARGET_LOGIN_REFUSED, // an unknown parameter in options
            "22023", ErrorCode.TARGET_LOGIN_REFUSED, // or a value that it does not take
            "0A000", ErrorCode.TARGET_LOGIN_REFUSED);

    @Test
    void eachStateHasOneMeaning() {
        List<Executable> checks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        STATES.forEach((failure, states) -> {
            for (String state : states.split(" ")) {
                checks.add(() -> assertTrue(seen.add(state), state + " twice"));
                checks.add(() -> assertEquals(failure, TargetFailure.of(state), state));
            }
        });
        assertAll(checks);
    }

    @Test
    void aServerThatSaysNothingIsLost() {
        assertEquals(TargetFailure.LOST, TargetFailure.of(""));
    }

    @Test
    void aStateOfSomebodysOwnStays() {
        assertEquals(TargetFailure.FAILED, TargetFailure.of("UE001"));
        assertEquals(TargetFailure.REFUSED, TargetFailure.of("22ZZZ"));
    }

    @Test
    void aRefusedConnectionIsTriedAgainWhereItMayPass() {
        CONNECTING.forEach((state, code) -> assertEquals(code, TargetErrors.connecting(state), state));
    }
}
