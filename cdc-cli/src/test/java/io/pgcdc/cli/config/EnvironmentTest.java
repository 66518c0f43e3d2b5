package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {

    @ParameterizedTest
    @CsvSource({"/srv/cdc, /root, /srv/cdc", "'', /root, /root", ", /root, /root"})
    void theVariableHomeCountsAsForPsql(@Nullable String variable, String account, Path home) {
        assertEquals(home, Environment.home(variable, account));
    }
}
