package io.tandem.persistence.proof;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.readmodel.FeedPage;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a slice out of the journal with the proof that it belongs there, for somebody who has
 * nothing but the public key: the newest checkpoint, and each event's stored bytes with its path in
 * that checkpoint's tree. Reads the journal twice, in little memory.
 *
 * <p>The file is text, so that nothing but the platform is needed to read it:
 *
 * <pre>
 * tandem proof 1
 * about WHAT
 * > the lines of the checkpoint's note
 * event INDEX SEQUENCE ENTITY
 * bytes BASE64
 * path BASE64 BASE64 …
 * (the same for each event)
 * held                        (where the reader has an earlier checkpoint)
 * > the lines of its note
 * consistency BASE64 BASE64 …
 * end COUNT
 * </pre>
 */
public final class ProofMaker {

  /** A slice of more events than this is not a slice. */
  public static final int EVENTS_MAX = 10_000;

  private static final int PAGE = 2_000;

  private final JournalFeed feed;
  private final CheckpointStore store;
  private final VerifyingKey key;

  public ProofMaker(Database database, VerifyingKey key) {
    this.feed = new JournalFeed(database);
    this.store = new CheckpointStore(database);
    this.key = key;
  }

  private record Chosen(long index, JournalRow row) {}

  /**
   * What came of it.
   *
   * @param text the file
   * @param events how many it proves
   * @param newer how many of those asked for are newer than the checkpoint, and so not in it yet
   * @param unread how many of other entities cannot be read: whether they were asked for is not
   *     known, and they are not in it
   */
  public record Proof(String text, int events, long newer, long unread) {}

  /**
   * Makes the proof of the events that are asked for.
   *
   * @param about what to call the slice
   * @param entity whose events are asked for, all of them, {@code type|id}
   * @param also which events of other entities
   * @param held a checkpoint that the reader has from elsewhere, to be proven the beginning of this
   *     one; null for none
   * @param progress told how many events were read, of twice as many as there are
   * @throws JournalException UNREADABLE where the journal is not what was signed, which {@code
   *     audit verify} takes apart; UNAVAILABLE
   * @throws IllegalArgumentException where there is no checkpoint, none of the events, or too many
   */
  public Proof make(
      String about,
      String entity,
      Predicate<Envelope> also,
      @Nullable SignedCheckpoint held,
      LongConsumer progress) {
    SignedCheckpoint signed =
        newest().orElseThrow(() -> new IllegalArgumentException("there is no checkpoint yet"));
    long size = signed.checkpoint().size();
    List<Chosen> chosen = new ArrayList<>();
    long newer = 0;
    long unread = 0;
    long index = 0;
    FeedPage page = feed.read(FeedPosition.START, PAGE);
    while (!page.rows().isEmpty()) {
      for (JournalRow row : page.rows()) {
        boolean asked = row.persistenceId().equals(entity);
        if (!asked) {
          try {
            asked = also.test(row.envelope());
          } catch (JournalException noEnvelope) {
            unread++;
          }
        }
        if (asked && index < size) {
          chosen.add(new Chosen(index, row));
        } else if (asked) {
          newer++;
        }
        index++;
      }
      if (chosen.size() > EVENTS_MAX) {
        throw new IllegalArgumentException("more than " + EVENTS_MAX + " events");
      }
      progress.accept(index);
      page = feed.read(page.next(), PAGE);
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          newer > 0
              ? "its events are newer than the last checkpoint: ask again in some seconds"
              : "the journal has no such event");
    }
    MerkleTree tree = grown(signed, chosen, held, done -> progress.accept(size + done));
    return new Proof(text(about, signed, chosen, held, tree), chosen.size(), newer, unread);
  }

  private Optional<SignedCheckpoint> newest() {
    return store
        .newest()
        .map(
            stored -> {
              try {
                return SignedCheckpoint.read(stored.note(), key);
              } catch (IllegalArgumentException e) {
                throw new JournalException(Fault.UNREADABLE, stored + ": " + e.getMessage(), e);
              }
            });
  }

  private MerkleTree grown(
      SignedCheckpoint signed,
      List<Chosen> chosen,
      @Nullable SignedCheckpoint held,
      LongConsumer progress) {
    long size = signed.checkpoint().size();
    MerkleTree tree = new MerkleTree();
    chosen.forEach(each -> tree.wantInclusion(each.index(), size));
    if (held != null) {
      tree.wantConsistency(held.checkpoint().size(), size);
    }
    FeedPage page = feed.read(FeedPosition.START, PAGE);
    while (tree.size() < size && !page.rows().isEmpty()) {
      for (JournalRow row : page.rows()) {
        if (tree.size() < size) {
          tree.add(MerkleTree.leaf(row.bytes()));
        }
      }
      progress.accept(tree.size());
      page = feed.read(page.next(), PAGE);
    }
    if (!tree.root().equals(signed.checkpoint().root())) {
      throw new JournalException(
          Fault.UNREADABLE, "the journal is not the one that was signed: see audit verify");
    }
    return tree;
  }

  private static String text(
      String about,
      SignedCheckpoint signed,
      List<Chosen> chosen,
      @Nullable SignedCheckpoint held,
      MerkleTree tree) {
    long size = signed.checkpoint().size();
    StringBuilder text = new StringBuilder("tandem proof 1\nabout ").append(about).append('\n');
    quote(text, signed);
    for (Chosen each : chosen) {
      text.append("event ")
          .append(each.index())
          .append(' ')
          .append(each.row().sequence())
          .append(' ')
          .append(each.row().persistenceId())
          .append("\nbytes ")
          .append(Base64.getEncoder().encodeToString(each.row().bytes()))
          .append("\npath")
          .append(words(tree.inclusion(each.index(), size)))
          .append('\n');
    }
    if (held != null) {
      text.append("held\n");
      quote(text, held);
      text.append("consistency")
          .append(words(tree.consistency(held.checkpoint().size(), size)))
          .append('\n');
    }
    return text.append("end ").append(chosen.size()).append('\n').toString();
  }

  private static void quote(StringBuilder text, SignedCheckpoint checkpoint) {
    checkpoint.note().lines().forEach(line -> text.append("> ").append(line).append('\n'));
  }

  private static String words(List<Hash> hashes) {
    return hashes.stream().map(hash -> " " + Checkpoint.base64(hash)).collect(Collectors.joining());
  }
}
