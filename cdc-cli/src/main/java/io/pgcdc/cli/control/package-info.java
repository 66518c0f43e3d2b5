/**
 * The control socket of a running pipeline: a Unix domain socket that takes requests as lines of JSON (docs/reference/control.md). Nothing here is on the
 * road of changes.
 */
@NullMarked
package io.pgcdc.cli.control;

import org.jspecify.annotations.NullMarked;
