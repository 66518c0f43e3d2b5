/**
 * Reads values' text, as the types' output functions write it, for formats that want something else than JSON of it. Readers are made once a
 * column, keep what they read last, and belong to one thread; nothing here is an object a value.
 */
@NullMarked
package io.pgcdc.sinks.text;

import org.jspecify.annotations.NullMarked;
