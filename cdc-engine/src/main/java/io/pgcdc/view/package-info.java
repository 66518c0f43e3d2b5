/**
 * What of a change a sink gets to see: routes by publication and table, columns left out or masked.
 *
 * <p>Each sink's thread has its own.
 */
@NullMarked
package io.pgcdc.view;

import org.jspecify.annotations.NullMarked;
