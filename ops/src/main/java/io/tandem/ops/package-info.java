/**
 * The {@code tandem} command: one picocli command with a sub-command for each tool people run.
 *
 * <p>Way in: {@link io.tandem.ops.Main}. Neighbours: the launcher script {@code tandem} starts it
 * with the JVM flags; each sub-command lives in the package of its tool (audit, bench, demo, house
 * …) and is named in {@code Main} only.
 */
@NullMarked
package io.tandem.ops;

import org.jspecify.annotations.NullMarked;
