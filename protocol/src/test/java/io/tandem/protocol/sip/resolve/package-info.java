/** Where names lead. */
@NullMarked
package io.tandem.protocol.sip.resolve;

import org.jspecify.annotations.NullMarked;
