package io.tandem.ops.bench.rtp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A contender's process, relaying; ends with {@link #close}. */
interface Relaying extends AutoCloseable {
  /** Loopback port of the generator's first phone socket; every contender is told. */
  int FIRST_PHONE_PORT = 15_000;

  /** The ports phones A and B of each call send to: a line {@code portA portB} a call. */
  List<String> ports();

  /** The process whose CPU time counts. */
  Process process();

  /** What its media threads allocated on the heap so far; empty for who has no such heap. */
  Optional<Long> allocatedOctets() throws IOException;

  @Override
  void close();
}
