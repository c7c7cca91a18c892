package io.tandem.protocol.media.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that octets are added to, and nothing else. */
final class FileStore implements AudioStore {
  private final FileChannel file;

  FileStore(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void append(byte[] octets, int count) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(octets, 0, count);
    while (out.hasRemaining()) {
      file.write(out);
    }
  }

  @Override
  public void settle() {
    // The system has it: a killed process loses nothing of it.
  }

  @Override
  public void close() throws IOException {
    file.force(true);
    file.close();
  }
}
