package io.tandem.node.edge.trunk;

import org.jspecify.annotations.Nullable;

/**
 * Whom another network is shown as the caller.
 *
 * @param number E.164 digits; empty for a caller that asks for privacy
 * @param display a name beside it; null for none
 * @param own whether the number is ours: only then we vouch for it in full (attestation A)
 */
public record CallerId(String number, @Nullable String display, boolean own) {
  /** A caller that asks for privacy. */
  public static final CallerId NOBODY = new CallerId("", null, false);
}
