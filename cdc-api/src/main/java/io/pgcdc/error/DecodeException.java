package io.pgcdc.error;

/** The only legal end, beside success, of decoding any bytes whatever. Names byte offset and LSN, never row values. */
public final class DecodeException extends CdcException {

    public DecodeException(ErrorCode code, String message) {
        super(code, message, null);
    }
}
