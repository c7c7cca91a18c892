package io.tandem.protocol.sip.transport;

/** A socket could not be bound; the message names transport, address and cause. */
public final class CannotListen extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Bind bind;
  private final boolean busy;

  CannotListen(Bind bind, Throwable cause) {
    super("SIP cannot listen on " + bind + ": " + cause.getMessage(), cause);
    this.bind = bind;
    this.busy = isBusy(cause);
  }

  private static boolean isBusy(Throwable cause) {
    // NIO throws BindException, epoll its own class; both carry the system's words
    return String.valueOf(cause.getMessage()).contains("in use");
  }

  public Bind bind() {
    return bind;
  }

  /** Whether somebody else has the port; else the address is not ours or not allowed. */
  public boolean isPortBusy() {
    return busy;
  }
}
