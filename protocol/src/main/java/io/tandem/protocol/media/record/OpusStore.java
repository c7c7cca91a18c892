package io.tandem.protocol.media.record;

import io.tandem.protocol.media.codec.Resampler;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceEncoder;
import io.tandem.protocol.media.ogg.OggPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Stereo samples as Ogg/Opus (RFC 7845), a page each time it settles, so that a killed node's file
 * lacks its last page only. Each side is a stream of its own, uncoupled (channel mapping family 1,
 * two streams): nothing of one party leaks into the other's channel, as it would in joint stereo.
 */
final class OpusStore implements AudioStore {
  /**
   * Samples of 48 kHz before sound begins: what libopus looks ahead, 2.5 ms and 4 ms (RFC 7845
   * §4.2).
   */
  static final int PRE_SKIP = 312;

  private static final int FRAME = VoiceCodec.OPUS.samplesPer20Ms();
  private static final int FULL_RATE_HZ = VoiceCodec.OPUS.sampleRateHz();
  private static final int STEREO_OCTETS = 4;

  /** Frames of one code 0 packet have no length within; other codes cannot come of 20 ms. */
  private static final int FRAME_COUNT_CODE = 0x03;

  private static final int LONGEST_SHORT_LENGTH = 251;

  private final AudioStore file;
  private final OggPages pages;
  private final int rateHz;
  private final Channel left;
  private final Channel right;
  private final byte[] packet = new byte[2 * VoiceCodec.OPUS.maxOctetsPer20Ms() + 2];
  private int waiting;
  private long samplesIn;
  private long encoded;

  /** One side: its samples, its encoder. */
  private static final class Channel {
    final VoiceEncoder encoder = VoiceCodec.OPUS.newEncoder();
    final Resampler resampler;
    final short[] samples;
    final short[] full = new short[FRAME];
    final byte[] octets = new byte[VoiceCodec.OPUS.maxOctetsPer20Ms()];

    Channel(int rateHz) {
      resampler = new Resampler(rateHz, FULL_RATE_HZ);
      samples = new short[rateHz / 50];
    }

    int encode() {
      resampler.resample(samples, 0, samples.length, full, 0);
      return encoder.encode(full, 0, FRAME, octets, 0);
    }
  }

  /**
   * @param file takes the pages: plain or sealed
   * @param rateHz of the samples: 8000, 16000 or 48000
   * @param serial of the Ogg stream, any number
   */
  OpusStore(AudioStore file, int rateHz, int serial) throws IOException {
    this.file = file;
    this.rateHz = rateHz;
    this.pages = new OggPages(serial);
    this.left = new Channel(rateHz);
    this.right = new Channel(rateHz);
    header(head(rateHz), OggPages.FIRST_PAGE);
    header(tags(), 0);
    file.settle();
  }

  private void header(byte[] octets, int flags) throws IOException {
    pages.packet(octets, octets.length, 0);
    page(flags);
  }

  /** RFC 7845 §5.1. */
  private static byte[] head(int rateHz) {
    ByteBuffer out = ByteBuffer.allocate(23).order(ByteOrder.LITTLE_ENDIAN);
    out.put("OpusHead".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 2);
    out.putShort((short) PRE_SKIP).putInt(rateHz).putShort((short) 0);
    // Family 1, two streams, none of them coupled; the first is the left one.
    return out.put(new byte[] {1, 2, 0, 0, 1}).array();
  }

  /** RFC 7845 §5.2: who wrote it, and no comments. */
  private static byte[] tags() {
    byte[] vendor = "tandem".getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(16 + vendor.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put("OpusTags".getBytes(StandardCharsets.US_ASCII));
    return out.putInt(vendor.length).put(vendor).putInt(0).array();
  }

  @Override
  public void append(byte[] octets, int count) throws IOException {
    ByteBuffer pcm = ByteBuffer.wrap(octets, 0, count).order(ByteOrder.LITTLE_ENDIAN);
    while (pcm.remaining() >= STEREO_OCTETS) {
      left.samples[waiting] = pcm.getShort();
      right.samples[waiting] = pcm.getShort();
      waiting++;
      samplesIn++;
      if (waiting == left.samples.length) {
        frame();
      }
    }
  }

  /** Encodes 20 ms of both sides: the left stream delimits itself (RFC 6716 appendix B). */
  private void frame() throws IOException {
    waiting = 0;
    int ofLeft = left.encode();
    int ofRight = right.encode();
    if ((left.octets[0] & FRAME_COUNT_CODE) != 0) {
      throw new IOException("a frame of Opus that is not one frame");
    }
    int at = 0;
    packet[at++] = left.octets[0];
    int length = ofLeft - 1;
    if (length > LONGEST_SHORT_LENGTH) {
      packet[at++] = (byte) (252 + (length & 3)); // RFC 6716 §3.1: first + 4 * second
      packet[at++] = (byte) ((length - 252) >> 2);
    } else {
      packet[at++] = (byte) length;
    }
    System.arraycopy(left.octets, 1, packet, at, length);
    System.arraycopy(right.octets, 0, packet, at + length, ofRight);
    int octets = at + length + ofRight;
    if (!pages.fits(octets)) {
      page(0);
    }
    encoded += FRAME;
    pages.packet(packet, octets, encoded);
  }

  @Override
  public void settle() throws IOException {
    if (!pages.isEmpty()) {
      page(0);
    }
    file.settle();
  }

  private void page(int flags) throws IOException {
    byte[] page = pages.page(flags);
    file.append(page, page.length);
  }

  /** What the encoders still hold is pushed out; the last granule says where sound ends. */
  @Override
  public void close() throws IOException {
    try {
      long end = PRE_SKIP + samplesIn * (FULL_RATE_HZ / rateHz);
      while (encoded < end || pages.isEmpty()) {
        for (int i = waiting; i < left.samples.length; i++) {
          left.samples[i] = 0;
          right.samples[i] = 0;
        }
        frame();
      }
      pages.endsAt(end);
      page(OggPages.LAST_PAGE);
    } finally {
      left.encoder.close();
      right.encoder.close();
      file.close();
    }
  }
}
