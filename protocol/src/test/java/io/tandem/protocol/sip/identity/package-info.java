/** Identity headers, signed and judged with a local authority. */
@NullMarked
package io.tandem.protocol.sip.identity;

import org.jspecify.annotations.NullMarked;
