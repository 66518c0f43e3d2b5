/**
 * Reads values' text, from the types' output functions, for formats that do not need JSON. A reader is created once per column,
 * keeps the last value, and belongs to one thread. Nothing here allocates an object per value.
 */
@NullMarked
package io.pgcdc.sinks.text;

import org.jspecify.annotations.NullMarked;
