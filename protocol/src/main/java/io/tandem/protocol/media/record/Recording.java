package io.tandem.protocol.media.record;

import java.util.List;

/**
 * A recording that is being made, two sides of one call (TEL-14). Written by the beat, which must
 * not wait: what is given is copied, a thread of the recording writes it.
 */
public interface Recording extends AutoCloseable {
  /**
   * 20 ms of both sides.
   *
   * @param left what the recorded party says
   * @param right what it hears
   */
  void write(short[] left, short[] right, int count);

  /** Nothing of what comes is kept until {@link #resume}: card data is being said. */
  void pause();

  /** Goes on after a {@link #pause}; the gap is cut out, its place is kept in {@link Done}. */
  void resume();

  /**
   * So much of the call has just passed whose sound could not be had: it is no silence, and is kept
   * as a {@link Gap}, in a pause as part of the pause's.
   */
  void missed(long millis);

  /**
   * Ends it; waits until all is on disk.
   *
   * @return what became of it
   */
  Done finish();

  /** The same as {@link #finish}, its answer unread. */
  @Override
  void close();

  /**
   * What became of a recording.
   *
   * @param seconds of sound, pauses not counted
   * @param octets of the file
   * @param sha256 of the file, as hex digits; empty when it could not be written
   * @param lostMillis of the call that should be in it and are not: the disk was too slow, or the
   *     sound could not be had
   * @param failure what the disk said, empty when all went well
   * @param gaps what of the call is not in the file, in order
   */
  record Done(
      double seconds,
      long octets,
      String sha256,
      long lostMillis,
      String failure,
      List<Gap> gaps) {}

  /**
   * What of the call is not in the file, so that a place in the file can be told in the call
   * (TEL-14): a pause, a codec that nobody here can decode, a disk that was too slow.
   *
   * @param atSeconds of the file
   * @param seconds that passed in the call there
   */
  record Gap(double atSeconds, double seconds) {}
}
