package io.tandem.protocol.media.secure;

import io.tandem.protocol.media.dtls.DtlsAssociation;
import io.tandem.protocol.media.dtls.DtlsGreeter;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.dtls.DtlsOutcome;
import io.tandem.protocol.media.dtls.DtlsRole;
import io.tandem.protocol.media.dtls.DtlsTerms;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.srtp.SrtpOpener;
import java.net.InetSocketAddress;
import org.bouncycastle.tls.DTLSRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshakes of one leg under one agreement (a fingerprint, a role): one after the other, until
 * one comes to keys. A failed one leaves the call alone; the peer's next ClientHello begins anew.
 */
final class Handshakes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Handshakes.class);

  /** Who fails more often than this will hardly succeed: from then on a pause lies between. */
  private static final int QUICK_ATTEMPTS = 8;

  /**
   * No end of attempts, for whoever shares the peer's address could use them up; but one a second
   * costs no more than two packets' worth of its voice.
   */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final RelayLeg leg;
  private final LegGuard guard;
  private final DtlsIdentity identity;
  private final DtlsRole role;
  private final DtlsTerms terms;
  private final DtlsGreeter greeter;
  private @Nullable DtlsAssociation association;
  private volatile @Nullable InetSocketAddress peer;
  private int attempts;
  private long startedNanos;
  private boolean closed;

  Handshakes(RelayLeg leg, LegGuard guard, DtlsIdentity identity, DtlsRole role, DtlsTerms terms) {
    this.leg = leg;
    this.guard = guard;
    this.identity = identity;
    this.role = role;
    this.terms = terms;
    this.greeter = new DtlsGreeter(identity);
  }

  DtlsRole role() {
    return role;
  }

  DtlsTerms terms() {
    return terms;
  }

  /** The peer's address is known: its choice by ICE, or its description's. */
  synchronized void reached(InetSocketAddress address) {
    peer = address;
    if (role == DtlsRole.ACTIVE && association == null && attempts < QUICK_ATTEMPTS) {
      var unused = start(null);
    }
  }

  /**
   * A DTLS datagram.
   *
   * @param from an address where the party may be
   * @param proven whether ICE has proven its source; else a cookie must
   */
  synchronized void take(byte[] datagram, InetSocketAddress from, boolean proven, long nowNanos) {
    DtlsAssociation running = association;
    if (running == null && role == DtlsRole.PASSIVE) {
      if (attempts >= QUICK_ATTEMPTS && nowNanos - startedNanos < PAUSE_NANOS) {
        guard.add(GuardCount.UNPROVEN_DTLS);
        return;
      }
      if (proven) {
        peer = from;
        startedNanos = nowNanos;
        running = start(null);
      } else {
        DTLSRequest greeting = greeter.greet(datagram, from, answer -> leg.transmit(answer, from));
        if (greeting != null) {
          peer = from;
          startedNanos = nowNanos;
          running = start(greeting);
        }
        return; // the greeting goes with the start; before, there is nothing to take
      }
    }
    if (running == null || (!proven && !from.equals(peer)) || !running.take(datagram)) {
      guard.add(GuardCount.UNPROVEN_DTLS);
    }
  }

  private @Nullable DtlsAssociation start(@Nullable DTLSRequest greeting) {
    if (closed) {
      return null;
    }
    attempts++;
    association = DtlsAssociation.start(role, identity, terms, greeting, this::send, this::outcome);
    return association;
  }

  private void send(byte[] datagram) {
    InetSocketAddress to = peer;
    if (to != null) {
      leg.transmit(datagram, to);
    }
  }

  private synchronized void outcome(DtlsOutcome outcome) {
    if (closed) {
      return;
    }
    switch (outcome) {
      case DtlsOutcome.Keyed keyed -> {
        guard.add(GuardCount.HANDSHAKES);
        guard.keys(keyed.sending(), keyed.receiving(), SrtpOpener.UNLIMITED);
      }
      case DtlsOutcome.Failed failed -> {
        guard.add(GuardCount.FAILED_HANDSHAKES);
        if (attempts == 1) {
          log.info("a DTLS handshake on port {} failed: {}", leg.localPort(), failed.reason());
        } else {
          log.debug("a DTLS handshake on port {} failed: {}", leg.localPort(), failed.reason());
        }
        association = null;
        if (role == DtlsRole.ACTIVE && attempts < QUICK_ATTEMPTS) {
          var unused = start(null);
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (association != null) {
      association.close();
    }
  }
}
