/**
 * For the tests of modules above the engine: databases to write into, checks of what came out, the command as a process. Never on the class
 * path of a shipped command.
 */
@NullMarked
package io.pgcdc.testkit;

import org.jspecify.annotations.NullMarked;
