package io.tandem.protocol.media.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stereo WAV or Ogg/Opus file, plain or sealed, written as the call goes on: the beat puts
 * samples into a ring of two seconds, a thread of the recording writes them four times a second. A
 * killed node leaves a readable file up to its last second. When the disk is slower than that,
 * sound is dropped, counted and marked as a gap; the call goes on.
 */
public final class StereoRecording implements Recording {
  private static final Logger LOG = LoggerFactory.getLogger(StereoRecording.class);
  private static final int RING_SECONDS = 2;
  private static final long WRITE_MILLIS = 250;

  private final Path path;
  private final int rateHz;
  private final AudioStore store;
  private final byte[] ring;
  private final byte[] chunk;
  private final Thread writer;
  private int head;
  private int filled;
  private boolean paused;
  private boolean finished;
  private long samples;
  private long lostSamples;

  /** Samples of the call since the last one that is in the file. */
  private long missing;

  private final List<Gap> gaps = new ArrayList<>();
  private String failure = "";

  private StereoRecording(Path path, int rateHz, AudioStore store) {
    this.path = path;
    this.rateHz = rateHz;
    this.store = store;
    this.ring = new byte[RING_SECONDS * rateHz * 4];
    this.chunk = new byte[ring.length];
    this.writer = Thread.ofVirtual().name("recording").start(this::writeOn);
  }

  /**
   * A plain WAV file.
   *
   * @throws IOException when the file exists or cannot be made
   */
  public static StereoRecording wav(Path path, int rateHz) throws IOException {
    return new StereoRecording(path, rateHz, new WavStore(path, rateHz, 2));
  }

  /**
   * The same, encrypted with a key of 256 bits; read it with {@link SealedStore#open}.
   *
   * @throws IOException when the file exists or cannot be made
   */
  public static StereoRecording sealed(Path path, int rateHz, SecretKey key) throws IOException {
    byte[] header = WavStore.header(rateHz, 2, 0);
    return new StereoRecording(path, rateHz, new SealedStore(path, key, header));
  }

  /**
   * Ogg/Opus (RFC 7845), a tenth of the size: some 64 kbit/s for both sides.
   *
   * @param rateHz 8000, 16000 or 48000
   * @throws IOException when the file exists or cannot be made
   */
  public static StereoRecording opus(Path path, int rateHz) throws IOException {
    return opus(path, rateHz, new FileStore(path));
  }

  /**
   * The same, encrypted as in {@link #sealed}.
   *
   * @throws IOException when the file exists or cannot be made
   */
  public static StereoRecording sealedOpus(Path path, int rateHz, SecretKey key)
      throws IOException {
    return opus(path, rateHz, new SealedStore(path, key, new byte[0]));
  }

  private static StereoRecording opus(Path path, int rateHz, AudioStore file) throws IOException {
    int serial = ThreadLocalRandom.current().nextInt();
    return new StereoRecording(path, rateHz, new OpusStore(file, rateHz, serial));
  }

  @Override
  public synchronized void write(short[] left, short[] right, int count) {
    if (finished) {
      return;
    }
    if (paused) {
      missing += count;
      return;
    }
    if (filled + 4 * count > ring.length) {
      lostSamples += count;
      missing += count;
      return;
    }
    endGap();
    int at = (head + filled) % ring.length;
    for (int i = 0; i < count; i++) {
      ring[at] = (byte) left[i];
      ring[at + 1] = (byte) (left[i] >> 8);
      ring[at + 2] = (byte) right[i];
      ring[at + 3] = (byte) (right[i] >> 8);
      at += 4;
      if (at == ring.length) {
        at = 0;
      }
    }
    filled += 4 * count;
    samples += count;
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
  }

  @Override
  public synchronized void missed(long millis) {
    long unheard = finished ? 0 : millis * rateHz / 1000;
    missing += unheard;
    lostSamples += paused ? 0 : unheard;
  }

  /** Of one place there is one gap, whatever made it. */
  private void endGap() {
    if (missing > 0) {
      gaps.add(new Gap((double) samples / rateHz, (double) missing / rateHz));
      missing = 0;
    }
  }

  private void writeOn() {
    try {
      boolean last = false;
      while (!last) {
        last = waited();
        int count = taken();
        if (count > 0) {
          store.append(chunk, count);
          store.settle();
        }
      }
      store.close();
    } catch (IOException full) {
      fail(full);
      giveUp();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean waited() throws InterruptedException {
    if (!finished) {
      wait(WRITE_MILLIS);
    }
    return finished;
  }

  private synchronized int taken() {
    int count = filled;
    int straight = Math.min(count, ring.length - head);
    System.arraycopy(ring, head, chunk, 0, straight);
    System.arraycopy(ring, 0, chunk, straight, count - straight);
    head = (head + count) % ring.length;
    filled = 0;
    return count;
  }

  private synchronized void fail(IOException why) {
    failure = String.valueOf(why.getMessage());
    finished = true;
    LOG.warn("a recording cannot be written on", why);
  }

  private void giveUp() {
    try {
      store.close();
    } catch (IOException again) {
      LOG.debug("it cannot be closed either", again);
    }
  }

  @Override
  public Done finish() {
    synchronized (this) {
      finished = true;
      notifyAll();
    }
    try {
      writer.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    return done();
  }

  private synchronized Done done() {
    endGap();
    List<Gap> cutOut = List.copyOf(gaps);
    double seconds = (double) samples / rateHz;
    long lostMillis = lostSamples * 1000 / rateHz;
    if (!failure.isEmpty()) {
      return new Done(seconds, 0, "", lostMillis, failure, cutOut);
    }
    try {
      return new Done(seconds, Files.size(path), sha256(path), lostMillis, "", cutOut);
    } catch (IOException unreadable) {
      String why = String.valueOf(unreadable.getMessage());
      return new Done(seconds, 0, "", lostMillis, why, cutOut);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] part = new byte[1 << 16];
      for (int count = in.read(part); count > 0; count = in.read(part)) {
        digest.update(part, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JVM has SHA-256", missing);
    }
  }

  @Override
  public void close() {
    Done done = finish();
    LOG.debug("a recording of {} s has ended", done.seconds());
  }
}
