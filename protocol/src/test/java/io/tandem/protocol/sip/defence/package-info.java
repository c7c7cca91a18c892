/** The defence by tables, and the defence over real sockets. */
@NullMarked
package io.tandem.protocol.sip.defence;

import org.jspecify.annotations.NullMarked;
