/**
 * What a sink sees of a change: routes by publication and table, excluded and masked columns.
 *
 * <p>Each sink's thread has its own objects.
 */
@NullMarked
package io.pgcdc.view;

import org.jspecify.annotations.NullMarked;
