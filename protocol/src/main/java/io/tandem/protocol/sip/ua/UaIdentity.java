package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Target;
import org.jspecify.annotations.Nullable;

/**
 * Who a line is.
 *
 * @param user user part of its address and name for digest
 * @param domain host of its address, and where it registers
 * @param display display name, or null
 * @param password null for a line that is never challenged
 * @param proxy where its requests outside dialogs go
 */
public record UaIdentity(
    String user, String domain, @Nullable String display, @Nullable String password, Target proxy) {

  /** The address of record. */
  public SipUri address() {
    return SipUri.sip(user, domain, -1);
  }

  /** Masked: it names a person and holds a password (PRV-4). */
  @Override
  public String toString() {
    return "UaIdentity[masked]";
  }
}
