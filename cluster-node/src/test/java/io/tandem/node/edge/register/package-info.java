/** The registrar's rules. */
@NullMarked
package io.tandem.node.edge.register;

import org.jspecify.annotations.NullMarked;
