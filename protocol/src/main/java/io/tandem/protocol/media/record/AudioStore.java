package io.tandem.protocol.media.record;

import java.io.IOException;

/** A file of sound that grows: plain or sealed. Used by the recording's writer thread only. */
interface AudioStore {
  /** Adds octets at the end; what was added before a kill is there after it. */
  void append(byte[] octets, int count) throws IOException;

  /** What was added so far is to be found by a reader, whatever happens next. */
  void settle() throws IOException;

  /** Ends the file. */
  void close() throws IOException;
}
