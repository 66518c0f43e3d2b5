/** Forms of text that several commands print: lines of a terminal, and words of YAML. No state. */
@NullMarked
package io.pgcdc.cli.text;

import org.jspecify.annotations.NullMarked;
