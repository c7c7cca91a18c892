package io.tandem.protocol.sip.message;

/** Says why a text is not what the grammar asks for; never leaves the package, carries no stack. */
final class SipSyntax extends Exception {
  SipSyntax(String why) {
    super(why, null, false, false);
  }

  /** The reason, in words that may go into a 400's reason or a log: never the text itself. */
  String why() {
    String message = getMessage();
    return message == null ? "malformed" : message;
  }
}
