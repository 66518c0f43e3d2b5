package io.pgcdc.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.testing.Await;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PasswordCommandTest {

    private static ServerAddress address(String url, String... words) {
        return PasswordCommand.of(PasswordCommand.WORDS.read(List.of(words)), ServerUrl.parse(url, Map.of(), "nobody"));
    }

    private static ServerAddress shell(String script) {
        return address("postgresql://u@h:5433/d?connect_timeout=10", "sh", "-c", script);
    }

    private static String failure(ServerAddress address) {
        SourceException error = assertThrows(SourceException.class, address::properties);
        assertEquals(ErrorCode.PASSWORD_UNAVAILABLE, error.code());
        return String.valueOf(error.getMessage());
    }

    @Test
    void theFirstLineOfStandardOutputIsThePassword() {
        assertEquals(
                "one two", shell("echo 'one two'; echo three; echo noise >&2").currentPassword());
        assertEquals("one", shell("printf 'one\\r\\n'").properties().getProperty("password"));
    }

    @Test
    void theCommandIsToldTheLogin() {
        assertEquals(
                "h 5433 u d", shell("echo $PGHOST $PGPORT $PGUSER $PGDATABASE").currentPassword());
    }

    @Test
    void aCommandThatIgnoresItsInputAndPrintsMuchEnds() {
        assertEquals(
                "token",
                shell("echo token; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2")
                        .currentPassword());
    }

    @Test
    void aFailureShowsStandardErrorAndNeverStandardOutput() {
        String said = failure(shell("echo hunter2; echo 'no role' >&2; echo 'hunter2 is old' >&2; exit 3"));
        assertEquals(
                "password_command sh ended with exit code 3; it said: no role | **** is old; for h:5433/d as u. Run it as this"
                        + " user: it must print the password on its first line, and end with 0.",
                said);
    }

    @Test
    void noPasswordIsAFailure() {
        assertTrue(failure(shell("echo; echo second"))
                .startsWith("password_command sh printed no password; for h:5433/d"));
        assertTrue(failure(shell("true")).startsWith("password_command sh printed no password; for h:5433/d"));
    }

    @Test
    void aCommandThatHangsIsEndedWithItsChildren() {
        ServerAddress slow = address("postgresql://u@h/d?connect_timeout=1", "sh", "-c", "sleep 600; echo late");
        assertTrue(failure(slow).startsWith("password_command sh has not ended after 1 s; for h:5432/d as u."));
        // a process that was killed is listed until it has ended
        Await.until(
                "the end of the command's child",
                () -> ProcessHandle.current()
                        .descendants()
                        .noneMatch(p -> p.info().commandLine().orElse("").contains("sleep 600")));
    }

    @Test
    void aProgramThatCannotBeRunIsNamed() {
        assertEquals(
                "password_command cannot be run: /no/such/program; for h:5432/d as u. Write the path of a program that this"
                        + " user may execute.",
                failure(address("postgresql://u@h/d", "/no/such/program", "hunter2")));
    }

    @Test
    void oneTextWithSpacesIsNoProgram() {
        String advice = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> PasswordCommand.WORDS.read(List.of("aws rds token")))
                        .getMessage());
        assertEquals("a list: [program, argument]; for a shell: [sh, -c, \"program argument\"]", advice);
    }

    @Test
    void itIsNoPartOfTheUriAndMayChange() {
        ServerAddress address = shell("echo hunter2");
        assertEquals("postgresql://u@h:5433/d?connect_timeout=10", address.uri());
        assertTrue(address.mayPasswordChange());
        assertFalse(ServerUrl.parse("postgresql://u:p@h/d", Map.of(), "nobody").mayPasswordChange());
    }
}
