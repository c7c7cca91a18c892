package io.tandem.ops.bench.rtp;

import io.tandem.protocol.media.loop.Wire;
import java.io.IOException;
import java.util.Optional;

/** What can be put between the phones. */
enum Contender {
  /** The relay on the system's own calls. */
  NATIVE("tandem native") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.anchor("NATIVE", calls, placement);
    }
  },

  /** The same with SRTP (AES-CM-128, HMAC-SHA1-80) on one leg of each call. */
  SRTP("tandem native srtp") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.anchor("NATIVE+SRTP", calls, placement);
    }
  },

  /** The relay with an io_uring that receives. */
  URING("tandem io_uring") {
    @Override
    Optional<String> missing() {
      return Wire.IO_URING.available()
          ? Optional.empty()
          : Optional.of("this system lets nobody have an io_uring");
    }

    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.anchor("IO_URING", calls, placement);
    }
  },

  /** The same relay on Netty's epoll. */
  NETTY("tandem netty") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.anchor("EPOLL", calls, placement);
    }
  },

  /** Wait, receive, send on connected sockets, in Java, without a look at the packet. */
  BARE("bare loop") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.bare("connected", calls, placement);
    }
  },

  /** The same on sockets that are not connected: what connecting is worth. */
  UNCONNECTED("bare unconnected") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.bare("unconnected", calls, placement);
    }
  },

  /** The same on one socket for all calls, in batches of 64: what sharing is worth. */
  SHARED("bare shared") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.bare("shared", calls, placement);
    }
  },

  /** Nobody: the phones send to each other, which is the generator's own latency. */
  DIRECT("no relay") {
    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return JavaRelay.none(calls, placement);
    }
  },

  /** rtpengine in userspace mode on two threads. */
  RTPENGINE("rtpengine") {
    @Override
    Optional<String> missing() {
      return Rtpengine.installed()
          ? Optional.empty()
          : Optional.of("rtpengine is not installed (Debian: apt install rtpengine-daemon)");
    }

    @Override
    Relaying start(int calls, Placement placement) throws IOException {
      return Rtpengine.start(calls, placement);
    }
  };

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Why it cannot run here, empty when it can. */
  Optional<String> missing() {
    return Optional.empty();
  }

  /** A process that relays so many calls between the phones. */
  abstract Relaying start(int calls, Placement placement) throws IOException;
}
