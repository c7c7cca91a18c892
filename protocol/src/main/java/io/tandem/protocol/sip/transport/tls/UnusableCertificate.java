package io.tandem.protocol.sip.transport.tls;

import java.nio.file.Path;

/** A certificate, key or list of authorities cannot be used; the message names the file and why. */
public final class UnusableCertificate extends Exception {
  private static final long serialVersionUID = 1;

  UnusableCertificate(Path file, Exception cause) {
    super(file + ": " + reason(cause), cause);
  }

  /** The innermost cause says what is wrong; it quotes no key. */
  private static String reason(Throwable cause) {
    Throwable inner = cause;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String said = inner.getMessage();
    return inner.getClass().getSimpleName() + (said == null ? "" : " " + said);
  }
}
