/**
 * Makes the files of an installation that are neither code nor written by hand: man page, licenses of libraries. Runs while Maven
 * packages, on its thread; no part of what it packages. It must give the same bytes for the same sources.
 */
@NullMarked
package io.pgcdc.dist;

import org.jspecify.annotations.NullMarked;
