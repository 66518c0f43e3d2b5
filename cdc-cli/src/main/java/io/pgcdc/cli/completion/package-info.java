/** Scripts that complete the command's words in a shell. Makes text; prints nothing. */
@NullMarked
package io.pgcdc.cli.completion;

import org.jspecify.annotations.NullMarked;
