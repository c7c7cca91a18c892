/** Disputes, tried purely: the calendar, the deadline, the phases, what is owed. */
@NullMarked
package io.tandem.node.dispute;

import org.jspecify.annotations.NullMarked;
