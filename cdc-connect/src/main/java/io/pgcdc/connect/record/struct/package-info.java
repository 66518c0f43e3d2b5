/** What the makers of Structs share. */
@NullMarked
package io.pgcdc.connect.record.struct;

import org.jspecify.annotations.NullMarked;
