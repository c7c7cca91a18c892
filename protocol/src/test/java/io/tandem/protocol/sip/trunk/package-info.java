/** The pure parts of trunks, by tables. */
@NullMarked
package io.tandem.protocol.sip.trunk;

import org.jspecify.annotations.NullMarked;
