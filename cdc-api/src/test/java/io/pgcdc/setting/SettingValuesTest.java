package io.pgcdc.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SettingValuesTest {

    private static final Setting<Long> LINGER_MS = Setting.of("linger_ms", SettingType.number(0, 100), 20L, "A wait.");

    @Test
    void aValueTakesThePlaceOfTheDefaultAndOfTheValueBefore() {
        assertEquals(20, SettingValues.NONE.get(LINGER_MS));
        SettingValues first = SettingValues.NONE.with(LINGER_MS, 30L);
        SettingValues second = first.with(LINGER_MS, 40L);
        assertEquals(30, first.get(LINGER_MS));
        assertEquals(40, second.get(LINGER_MS));
        assertTrue(second.isGiven(LINGER_MS));
        assertFalse(SettingValues.NONE.isGiven(LINGER_MS));
    }
}
