/** What the demos need of the machine: servers that start, and directories that go. */
@NullMarked
package io.pgcdc.demo.server;

import org.jspecify.annotations.NullMarked;
