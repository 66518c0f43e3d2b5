/** Measures work of a running pipeline that takes a while. Reads memory only, and prints nothing. */
@NullMarked
package io.pgcdc.cli.progress;

import org.jspecify.annotations.NullMarked;
