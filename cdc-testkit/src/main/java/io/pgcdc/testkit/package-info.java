/**
 * For tests only: workloads, golden captures, conformance kits. Never on the class path of a shipped command.
 */
@NullMarked
package io.pgcdc.testkit;

import org.jspecify.annotations.NullMarked;
