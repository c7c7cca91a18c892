package io.tandem.protocol.media.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A WAV file of 16-bit samples that is readable at any moment: its two sizes are written anew each
 * time it settles, so that after a kill they name what was there a second ago at most; what lies
 * behind is there too, for readers that look at the file's length.
 */
final class WavStore implements AudioStore {
  static final int HEADER_OCTETS = 44;

  private static final int RIFF_SIZE = 4;
  private static final int DATA_SIZE = HEADER_OCTETS - 4;

  private final FileChannel file;
  private long dataOctets;

  WavStore(Path path, int rateHz, int channels) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    write(ByteBuffer.wrap(header(rateHz, channels, 0)), 0);
  }

  /** The canonical header of 44 octets. */
  static byte[] header(int rateHz, int channels, long dataOctets) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_OCTETS).order(ByteOrder.LITTLE_ENDIAN);
    tag(out, "RIFF").putInt(0);
    tag(out, "WAVE");
    tag(out, "fmt ").putInt(16).putShort((short) 1).putShort((short) channels);
    out.putInt(rateHz).putInt(rateHz * 2 * channels);
    out.putShort((short) (2 * channels)).putShort((short) 16);
    tag(out, "data").putInt(0);
    sizes(out, dataOctets);
    return out.array();
  }

  /** Writes the two sizes into a header; one of more than 4 GB says 4 GB. */
  static void sizes(ByteBuffer header, long dataOctets) {
    header.order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(RIFF_SIZE, unsigned(dataOctets + HEADER_OCTETS - 8));
    header.putInt(DATA_SIZE, unsigned(dataOctets));
  }

  private static int unsigned(long octets) {
    return (int) Math.min(0xffff_ffffL, octets);
  }

  private static ByteBuffer tag(ByteBuffer out, String name) {
    return out.put(name.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void append(byte[] octets, int count) throws IOException {
    write(ByteBuffer.wrap(octets, 0, count), HEADER_OCTETS + dataOctets);
    dataOctets += count;
  }

  @Override
  public void settle() throws IOException {
    ByteBuffer size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    write(size.putInt(unsigned(dataOctets + HEADER_OCTETS - 8)).flip(), RIFF_SIZE);
    write(size.clear().putInt(unsigned(dataOctets)).flip(), DATA_SIZE);
  }

  private void write(ByteBuffer octets, long at) throws IOException {
    long position = at;
    while (octets.hasRemaining()) {
      position += file.write(octets, position);
    }
  }

  @Override
  public void close() throws IOException {
    settle();
    file.force(true);
    file.close();
  }
}
