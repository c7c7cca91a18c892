package io.tandem.protocol.media.srtp;

import org.jspecify.annotations.Nullable;

/** The synchronization sources of one direction; a call has one or two, so a list is searched. */
final class SourceTable {
  /** Each transfer or restart of a phone may bring a new one; more than this is an attack. */
  static final int MAX_SOURCES = 64;

  private final SourceHistory[] sources = new SourceHistory[MAX_SOURCES];
  private int count;
  private @Nullable SourceHistory last;
  private SourceHistory candidate = new SourceHistory(0);

  /** The history of a source; a new one is kept only by {@link #keep}. Null when it is full. */
  @Nullable SourceHistory find(int ssrc) {
    SourceHistory recent = last;
    if (recent != null && recent.ssrc() == ssrc) {
      return recent;
    }
    for (int i = 0; i < count; i++) {
      if (sources[i].ssrc() == ssrc) {
        last = sources[i];
        return sources[i];
      }
    }
    if (count == MAX_SOURCES) {
      return null;
    }
    candidate.standFor(ssrc);
    return candidate;
  }

  /** A packet of this source proved genuine. */
  void keep(SourceHistory source) {
    if (source.equals(candidate)) {
      sources[count++] = source;
      last = source;
      candidate = new SourceHistory(0);
    }
  }
}
