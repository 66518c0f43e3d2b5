/**
 * Reads values' text, from the types' output functions, as Java objects: for records that are not bytes. A reader is created once per
 * column and belongs to one thread. The objects do not depend on the text's buffer.
 */
@NullMarked
package io.pgcdc.sinks.object;

import org.jspecify.annotations.NullMarked;
