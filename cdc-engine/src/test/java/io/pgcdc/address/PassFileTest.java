package io.pgcdc.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PassFileTest {

    private static @Nullable String find(String... lines) {
        return new PassFile(List.of(lines)).find(new HostPort("h", 5432), "d", "u");
    }

    @Test
    void theFirstLineThatMatchesCounts() {
        assertEquals("one", find("other:5432:d:u:zero", "h:5432:d:u:one", "*:*:*:*:two"));
        assertEquals("two", find("h:5433:d:u:one", "*:*:*:*:two"));
        assertNull(find("h:5432:d:other:one"));
    }

    @Test
    void commentsAndShortLinesMatchNothing() {
        assertNull(find("#*:*:*:*:no", "", "*:*:*:no", "h"));
    }

    @Test
    void backslashEscapesColonAndItself() {
        PassFile file = new PassFile(List.of("\\:\\:1:5432:d\\\\b:u:p\\:w\\\\d:rest"));
        assertEquals("p:w\\d", file.find(new HostPort("::1", 5432), "d\\b", "u"));
    }

    @Test
    void anEscapedStarIsNoWildcard() {
        assertNull(find("\\*:*:*:*:no"));
        assertNull(find("h*:*:*:*:no"));
    }

    @Test
    void anEmptyPasswordIsNone() {
        assertNull(find("*:*:*:*:"));
    }
}
