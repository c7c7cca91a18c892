/** Tests of the copy in memory. */
@NullMarked
package io.tandem.node.directory;

import org.jspecify.annotations.NullMarked;
