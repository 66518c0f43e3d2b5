package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryOwnerTest {

    @ParameterizedTest
    @CsvSource({"cdc, cdc,", "root, cdc,", "mallory, cdc, mallory", "mallory, root,", "1001, cdc, 1001"})
    void onlyTheUserAndRootAreTrusted(String owner, String user, @Nullable String foreign) {
        assertEquals(foreign, DirectoryOwner.foreign(owner, user));
    }
}
