/** A program with a pipeline in it. */
@NullMarked
package org.example.embedding;

import org.jspecify.annotations.NullMarked;
