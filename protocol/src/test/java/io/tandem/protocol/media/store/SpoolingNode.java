package io.tandem.protocol.media.store;

import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.StereoRecording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that records into a spool until it is killed; says when a second is on the disk. */
public final class SpoolingNode {
  static final RecordingName NAME = new RecordingName("tenant-7/2026-11/killed.wav");

  private SpoolingNode() {}

  /** Argument: the spool's directory. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    RecordingSpool spool =
        ((RecordingSpool.Opening.Opened)
                RecordingSpool.open(directory, new DiskStore(directory.resolve("unused"))))
            .spool();
    Path file = spool.begin(NAME);
    Recording recording = StereoRecording.wav(file, 8000);
    for (int frame = 0; frame < 50; frame++) {
      recording.write(new short[160], new short[160], 160);
    }
    while (Files.size(file) < 44 + 8000 * 4) {
      Thread.onSpinWait();
    }
    System.out.println("recorded");
    new CountDownLatch(1).await();
  }
}
