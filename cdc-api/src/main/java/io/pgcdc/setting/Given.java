package io.pgcdc.setting;

import java.util.List;

/**
 * A value as the user wrote it, before any check.
 *
 * @param label the name in messages: {@code source.slot}, {@code --slot}
 * @param texts one text, or the elements of a list
 * @param shape ONE: a single text, which is split at commas if the setting is a list; LIST: elements that are not split; MAPPING:
 *     texts {@code name=value}
 * @param hidden true if it must not be shown: the text came from a {@code ${env:..}} or {@code ${file:..}} reference
 * @param key the place of the key, for problems with an unknown key
 * @param origin the place of the value
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
