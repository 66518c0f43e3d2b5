/**
 * What tests of whole pipelines begin with.
 *
 * <p>For tests only.
 */
@NullMarked
package io.pgcdc.testkit.pipeline;

import org.jspecify.annotations.NullMarked;
