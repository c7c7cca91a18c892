package io.tandem.protocol.sip.auth;

import java.util.List;

/**
 * Which algorithms an endpoint is challenged with; older phones and SIPp 3.6 fail when they see
 * SHA-256.
 */
public enum DigestOffer {
  MD5(List.of(DigestAlgorithm.MD5)),
  SHA_256(List.of(DigestAlgorithm.SHA_256)),
  /** SHA-256 on top: the first challenge a client understands is its best (RFC 8760 2.4). */
  BOTH(List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5));

  private final List<DigestAlgorithm> algorithms;

  DigestOffer(List<DigestAlgorithm> algorithms) {
    this.algorithms = algorithms;
  }

  /** The algorithms, best first. */
  public List<DigestAlgorithm> algorithms() {
    return algorithms;
  }
}
