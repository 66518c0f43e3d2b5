package io.pgcdc.json.value;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;

/**
 * Writes the values of one type as JSON: text from the type's output function, read under
 * {@link io.pgcdc.session.SessionSettings#PINNED}, to JSON that is equal as jsonb to what {@code to_jsonb} makes of the same value.
 *
 * <p>Made once a type and kept; allocates nothing a value once its scratch space has grown. Belongs to one thread.
 */
public interface ValueEncoder {

    /**
     * Appends one value that is not null.
     *
     * @param buffer holds the text in UTF-8, from {@code offset} for {@code length} bytes
     * @throws DecodeException when the text does not fit the type; {@code out} then holds an unfinished value, for the caller to
     *     truncate
     */
    void encode(byte[] buffer, int offset, int length, JsonBuffer out);

    /**
     * The encoder for a type.
     *
     * @throws DecodeException when types are nested too deep
     */
    static ValueEncoder of(PgType type) {
        return new ValueEncoders().of(type);
    }
}
