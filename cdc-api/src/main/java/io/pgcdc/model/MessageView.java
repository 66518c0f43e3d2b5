package io.pgcdc.model;

/** A logical message. A flyweight, like the change it belongs to. */
public interface MessageView {

    String prefix();

    boolean transactional();

    /** Returns the array that holds the content, from {@link #offset} for {@link #length} bytes. The content is arbitrary bytes. */
    byte[] buffer();

    int offset();

    int length();
}
