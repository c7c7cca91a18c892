@NullMarked
package io.tandem.node.webhook;

import org.jspecify.annotations.NullMarked;
