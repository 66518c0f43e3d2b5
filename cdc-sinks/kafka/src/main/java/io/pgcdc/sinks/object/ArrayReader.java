package io.pgcdc.sinks.object;

import io.pgcdc.sinks.text.ArrayText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an array as a list of its elements. Leaves out dimensions and bounds. */
public final class ArrayReader implements ValueReader {

    private final ArrayText text;
    private final ValueReader element;

    /** @param delimiter the character between elements */
    public ArrayReader(char delimiter, ValueReader element) {
        text = new ArrayText(delimiter);
        this.element = element;
    }

    @Override
    public List<@Nullable Object> read(byte[] b, int offset, int length) {
        text.begin(b, offset, length);
        return elements(text, element);
    }

    /** Returns the elements of an array whose text has begun. */
    public static List<@Nullable Object> elements(ArrayText text, ValueReader element) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (text.next()) {
            elements.add(text.isNull() ? null : element.read(text.buffer(), text.offset(), text.length()));
        }
        return elements;
    }
}
