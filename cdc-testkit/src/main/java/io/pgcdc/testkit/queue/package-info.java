/**
 * The queue without a disk, and the one contract that every segment store passes.
 *
 * <p>For tests only.
 */
@NullMarked
package io.pgcdc.testkit.queue;

import org.jspecify.annotations.NullMarked;
