package io.tandem.persistence.proof;

import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.readmodel.FeedPosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is signed: the tree over all events up to a position of the feed, and the checkpoint before.
 *
 * <p>The text is that of a transparency log's checkpoint (c2sp.org/tlog-checkpoint): name, size,
 * root, and then lines of our own.
 *
 * @param log the name of the log
 * @param size how many events there are up to here
 * @param root of the tree over them
 * @param number from 1, without gaps
 * @param at when it was made
 * @param previous hash of the whole note before, {@link Hash#NONE} for the first
 * @param position of the last event in the feed
 * @param segment hash of the list of what is new here ({@link Segment})
 * @param frontier the roots from which the tree goes on; the root follows from them
 */
public record Checkpoint(
    String log,
    long size,
    Hash root,
    long number,
    Instant at,
    Hash previous,
    FeedPosition position,
    Hash segment,
    List<Hash> frontier) {

  private static final int LINES = 9;

  public Checkpoint {
    frontier = List.copyOf(frontier);
  }

  /** The tree, to go on with. */
  MerkleTree tree() {
    return new MerkleTree(size, frontier);
  }

  /** What is signed, with its last line's end. */
  String text() {
    return String.join(
            "\n",
            log,
            Long.toString(size),
            base64(root),
            "number " + number,
            "at " + at,
            "previous " + base64(previous),
            "position " + position.txid() + " " + position.ordering(),
            "segment " + base64(segment),
            "frontier" + frontier.stream().map(h -> " " + base64(h)).collect(Collectors.joining()))
        + "\n";
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException where it is anything else, by as much as a space
   */
  static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != LINES + 1) {
      throw new IllegalArgumentException("a checkpoint has " + LINES + " lines");
    }
    try {
      String[] position = after("position ", lines[6]).split(" ", 2);
      String[] frontier = lines[8].split(" ");
      Checkpoint read =
          new Checkpoint(
              lines[0],
              Long.parseLong(lines[1]),
              hash(lines[2]),
              Long.parseLong(after("number ", lines[3])),
              Instant.parse(after("at ", lines[4])),
              hash(after("previous ", lines[5])),
              new FeedPosition(Long.parseLong(position[0]), Long.parseLong(position[1])),
              hash(after("segment ", lines[7])),
              Arrays.stream(frontier).skip(1).map(Checkpoint::hash).toList());
      if (!read.text().equals(text) || !read.tree().root().equals(read.root())) {
        throw new IllegalArgumentException("not the form of a checkpoint");
      }
      return read;
    } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not the form of a checkpoint", e);
    }
  }

  private static String after(String word, String line) {
    if (!line.startsWith(word)) {
      throw new IllegalArgumentException("a line of '" + word.strip() + "' is missing");
    }
    return line.substring(word.length());
  }

  static String base64(Hash hash) {
    return Base64.getEncoder().encodeToString(hash.toBytes());
  }

  static Hash hash(String base64) {
    return Hash.from(Base64.getDecoder().decode(base64));
  }
}
