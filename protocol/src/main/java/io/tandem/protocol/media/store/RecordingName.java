package io.tandem.protocol.media.store;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a recording is kept under, for example {@code tenant-7/2026-11/call-123.opus}: parts between
 * slashes of letters, digits, dots, dashes and underlines, so that it is the same on a disk, in S3
 * and in a URL.
 *
 * @param text at most 200 characters; no part begins with a dot
 */
public record RecordingName(String text) {
  private static final int MAX_CHARACTERS = 200;
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  /**
   * @throws IllegalArgumentException when it is none
   */
  public RecordingName {
    boolean good = !text.isEmpty() && text.length() <= MAX_CHARACTERS;
    for (String part : text.split("/", -1)) {
      good &= PART.matcher(part).matches();
    }
    if (!good) {
      throw new IllegalArgumentException("no name of a recording: " + text);
    }
  }

  /** Its place below a directory. */
  Path below(Path directory) {
    return directory.resolve(text);
  }

  /** The name of a file below a directory. */
  static RecordingName of(Path directory, Path file) {
    return new RecordingName(directory.relativize(file).toString());
  }
}
