/** What is told of messages, held against the RFCs, tshark and rules of masking. */
@NullMarked
package io.tandem.protocol.sip.observe;

import org.jspecify.annotations.NullMarked;
