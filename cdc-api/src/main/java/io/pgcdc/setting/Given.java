package io.pgcdc.setting;

import java.util.List;

/**
 * A value as the user wrote it, before any check.
 *
 * @param label what messages call it: {@code source.slot}, {@code --slot}
 * @param texts one text, or the elements of a list
 * @param shape ONE: a single text, which is split at commas where a list is wanted; LIST: its elements stand as they are; MAPPING: texts
 *     {@code name=value}
 * @param hidden must not be shown: the text came from a {@code ${env:..}} or {@code ${file:..}} reference
 * @param key where the key stands: what an unknown key's problem points at
 * @param origin where the value stands
 */
public record Given(
        String label, List<String> texts, SettingType.Shape shape, boolean hidden, Place key, Place origin) {

    public Given {
        texts = List.copyOf(texts);
    }

    public static Given text(String label, String text, Place origin) {
        return new Given(label, List.of(text), SettingType.Shape.ONE, false, origin, origin);
    }

    public static Given list(String label, List<String> texts, Place origin) {
        return new Given(label, texts, SettingType.Shape.LIST, false, origin, origin);
    }
}
