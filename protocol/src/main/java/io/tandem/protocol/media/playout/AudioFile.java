package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.codec.G711;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes voice to files that other programs play: raw G.711 (SIPp's {@code rtp_stream}) and WAV
 * (everything else). Mono, 8000 samples a second.
 */
public final class AudioFile {
  private static final int RIFF_HEADER_OCTETS = 12;
  private static final int FORMAT_OCTETS = 18;
  private static final int FACT_OCTETS = 4;
  private static final int WAVE_FORMAT_PCM = 1;
  private static final int WAVE_FORMAT_ALAW = 6;
  private static final int WAVE_FORMAT_MULAW = 7;

  private AudioFile() {}

  /** The octets as they are. */
  public static void writeRaw(Path file, byte[] octets) throws IOException {
    Files.write(file, octets);
  }

  /** A WAV file of G.711 octets (format tags 6 and 7 of the RIFF registry, RFC 2361). */
  public static void writeWav(Path file, G711 codec, byte[] octets) throws IOException {
    int format =
        switch (codec) {
          case ULAW -> WAVE_FORMAT_MULAW;
          case ALAW -> WAVE_FORMAT_ALAW;
        };
    Files.write(file, wav(format, 1, octets));
  }

  /** A WAV file of 16-bit linear samples. */
  public static void writeWav(Path file, short[] samples) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    octets.asShortBuffer().put(samples);
    Files.write(file, wav(WAVE_FORMAT_PCM, 2, octets.array()));
  }

  private static byte[] wav(int format, int octetsPerSample, byte[] data) {
    int padding = data.length % 2;
    int chunkHeaders = 3 * 8;
    int size =
        RIFF_HEADER_OCTETS + chunkHeaders + FORMAT_OCTETS + FACT_OCTETS + data.length + padding;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    tag(out, "RIFF").putInt(size - 8);
    tag(out, "WAVE");
    tag(out, "fmt ").putInt(FORMAT_OCTETS);
    out.putShort((short) format).putShort((short) 1);
    out.putInt(G711.SAMPLE_RATE_HZ).putInt(G711.SAMPLE_RATE_HZ * octetsPerSample);
    out.putShort((short) octetsPerSample).putShort((short) (8 * octetsPerSample));
    out.putShort((short) 0);
    tag(out, "fact").putInt(FACT_OCTETS).putInt(data.length / octetsPerSample);
    tag(out, "data").putInt(data.length).put(data);
    return out.array();
  }

  private static ByteBuffer tag(ByteBuffer out, String name) {
    return out.put(name.getBytes(StandardCharsets.US_ASCII));
  }
}
