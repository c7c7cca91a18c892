package io.tandem.persistence.proof;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.proof.CheckpointList.Genuine;
import io.tandem.persistence.proof.CoveredRows.Row;
import io.tandem.persistence.readmodel.FeedPosition;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the journal with what was signed about it, and what was signed with what was said
 * outside: a row that was changed, removed, added, moved or cut off since is named, also where its
 * chain was recomputed, and where the checkpoints that spoke of it are gone too (AUD-2).
 *
 * <p>What is newer than the last checkpoint has only its chain of hashes to speak for it; how much
 * that is, is told.
 */
public final class CheckpointExamination {

  private static final String CHECKPOINT = "checkpoint";
  private static final int PAGE = 2_000;

  /** So many rows more than were signed are looked at in one checkpoint's place. */
  private static final int INSERTED_MAX = 10_000;

  /**
   * What it came to.
   *
   * @param checkpoints genuine ones
   * @param anchors how far each place outside goes
   * @param covered events that are signed for
   * @param uncovered events in the journal since
   * @param newest the last genuine checkpoint
   */
  public record Result(
      long checkpoints,
      List<Reach> anchors,
      long covered,
      long uncovered,
      Optional<SignedCheckpoint> newest) {
    /** The number of the newest one that an anchor has; 0 for none. */
    public long anchored() {
      return anchors.stream().mapToLong(Reach::newest).max().orElse(0);
    }
  }

  private final CoveredRows rows;
  private final CheckpointList list;
  private final Findings findings;
  private final Set<String> unsound;
  private final LongConsumer progress;
  private final Map<String, Segment.Line> noted = new HashMap<>();
  private final Map<Segment.Line, Long> notes = new LinkedHashMap<>();
  private @Nullable FeedPosition position;
  private MerkleTree tree = new MerkleTree();
  private long checkpoints;
  private @Nullable SignedCheckpoint newest;

  /**
   * @param anchors what was said outside; without any, a tail that was cut off together with its
   *     checkpoints is not seen
   * @param unsound snapshots ({@code entity#sequence}) that are not what the events come to: they
   *     do not stand for older ones
   * @param progress told how many events were looked at
   * @param now what was signed some minutes before is expected at every anchor
   */
  public CheckpointExamination(
      Database database,
      VerifyingKey key,
      List<Anchor> anchors,
      Set<String> unsound,
      Findings findings,
      LongConsumer progress,
      Instant now) {
    this.rows = new CoveredRows(database);
    this.list = new CheckpointList(new CheckpointStore(database), anchors, key, findings, now);
    this.findings = findings;
    this.unsound = unsound;
    this.progress = progress;
  }

  /**
   * Goes through it all once.
   *
   * @throws JournalException UNAVAILABLE
   * @throws AnchorException where an anchor cannot be read
   */
  public Result run() {
    list.each(this::take);
    long uncovered = uncovered();
    snapshots();
    notes();
    return new Result(
        checkpoints, list.reached(), tree.size(), uncovered, Optional.ofNullable(newest));
  }

  private void take(Genuine genuine) {
    Checkpoint signed = genuine.checkpoint().checkpoint();
    long gap = newest == null ? signed.number() - 1 : signed.number() - newest.number() - 1;
    long added = signed.size() - tree.size();
    if (added < 0 || (position != null && signed.position().compareTo(position) < 0)) {
      findings.wrong(CHECKPOINT, signed.number(), "goes back behind the one before");
    } else {
      Optional<Segment> segment = genuine.segment();
      List<Row> found =
          rows.between(
              position, signed.position(), (int) Math.min(added + INSERTED_MAX, Integer.MAX_VALUE));
      found.forEach(this::lookAt);
      if (segment.isPresent() && gap == 0) {
        compare(segment.get(), found, signed);
      } else {
        compareRoot(found, signed);
        segment.ifPresent(lines -> compareEach(lines, signed));
      }
    }
    genuine.segment().ifPresent(s -> s.snapshots().forEach(each -> noted.put(each.entity(), each)));
    genuine.segment().ifPresent(s -> s.notes().forEach(r -> notes.putIfAbsent(r, signed.number())));
    checkpoints++;
    newest = genuine.checkpoint();
    position = signed.position();
    tree = signed.tree();
    progress.accept(signed.size());
  }

  /** Without the list, only the whole can be judged. */
  private void compareRoot(List<Row> found, Checkpoint signed) {
    long first = tree.size() + 1;
    MerkleTree made = new MerkleTree(tree.size(), tree.frontier());
    found.forEach(row -> made.add(row.line().hash()));
    if (made.size() != signed.size() || !made.root().equals(signed.root())) {
      findings.wrong(
          CHECKPOINT,
          signed.number(),
          "events "
              + first
              + " to "
              + signed.size()
              + " of the feed are not those that were signed, and no list of them is left");
    }
  }

  /** The list of this checkpoint alone, where ones before it are missing. */
  private void compareEach(Segment segment, Checkpoint signed) {
    for (Segment.Line line : segment.events()) {
      if (!rows.leafOf(line.entity(), line.sequence()).equals(Optional.of(line.hash()))) {
        gone(line, signed);
      }
    }
  }

  private void compare(Segment segment, List<Row> found, Checkpoint signed) {
    MerkleTree made = new MerkleTree(tree.size(), tree.frontier());
    Map<String, Segment.Line> expected = new LinkedHashMap<>();
    for (Segment.Line line : segment.events()) {
      made.add(line.hash());
      expected.put(line.name(), line);
    }
    if (!made.root().equals(signed.root()) || made.size() != signed.size()) {
      findings.wrong(CHECKPOINT, signed.number(), "its list does not give its root");
    }
    Map<String, Hash> there = new LinkedHashMap<>();
    for (Row row : found) {
      Segment.Line line = row.line();
      there.put(line.name(), line.hash());
      Segment.Line was = expected.get(line.name());
      if (was == null) {
        findings.wrong(
            row.entity(),
            row.sequence(),
            "did not stand here when checkpoint " + signed.number() + " was signed");
      } else if (!was.hash().equals(line.hash())) {
        findings.wrong(
            row.entity(),
            row.sequence(),
            "was changed since checkpoint " + signed.number() + " was signed");
      }
    }
    for (Segment.Line line : segment.events()) {
      if (!there.containsKey(line.name())) {
        gone(line, signed);
      }
    }
    if (there.keySet().equals(expected.keySet())) {
      order(List.copyOf(there.keySet()), segment, signed);
    }
  }

  private void gone(Segment.Line line, Checkpoint signed) {
    String since = " since checkpoint " + signed.number() + " was signed";
    findings.wrong(
        line.entity(),
        line.sequence(),
        rows.leafOf(line.entity(), line.sequence())
            .map(
                leaf ->
                    leaf.equals(line.hash())
                        ? "stands elsewhere in the feed" + since
                        : "was changed, or changed and moved," + since)
            .orElse("was removed" + since));
  }

  /** The same events in another order: each that is not in its place is named. */
  private void order(List<String> there, Segment segment, Checkpoint signed) {
    for (int i = 0; i < there.size(); i++) {
      Segment.Line line = segment.events().get(i);
      if (!there.get(i).equals(line.name())) {
        findings.wrong(
            line.entity(),
            line.sequence(),
            "stands elsewhere in the feed than when checkpoint " + signed.number() + " was signed");
      }
    }
  }

  /** What of a row the tree does not cover. */
  private void lookAt(Row row) {
    if (row.position().compareTo(FeedPosition.START) <= 0 || row.position().ordering() <= 0) {
      findings.wrong(row.entity(), row.sequence(), "stands before the feed begins");
    }
    if (!row.beside().isEmpty()) {
      findings.wrong(row.entity(), row.sequence(), row.beside());
    }
    if (row.deleted()) {
      findings.wrong(row.entity(), row.sequence(), "is marked as deleted");
    }
    try {
      String name = Envelope.read(row.bytes()).header().event().toString();
      if (!name.equals(row.manifest())) {
        findings.wrong(
            row.entity(), row.sequence(), "is a " + name + " marked as " + row.manifest());
      }
    } catch (JournalException e) {
      findings.wrong(row.entity(), row.sequence(), String.valueOf(e.getMessage()));
    }
  }

  private long uncovered() {
    long count = 0;
    @Nullable FeedPosition from = position;
    List<Row> page = rows.between(from, null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(this::lookAt);
      count += page.size();
      progress.accept(tree.size() + count);
      from = page.getLast().position();
      page = rows.between(from, null, PAGE);
    }
    return count;
  }

  /** Each note beside the journal that was vouched for is there as it was. */
  private void notes() {
    notes.forEach(
        (noted, number) -> {
          Optional<Segment.Line> there = rows.note(noted.entity(), noted.sequence());
          if (!there.equals(Optional.of(noted))) {
            findings.wrong(
                noted.entity(),
                noted.sequence(),
                "was "
                    + (there.isEmpty() ? "removed" : "changed")
                    + " since checkpoint "
                    + number
                    + " was signed");
          }
        });
  }

  /** Each entity's last noted snapshot is there as it was, or a newer one is. */
  private void snapshots() {
    List<Segment.Line> page = rows.snapshots("", 0, PAGE);
    Map<String, Segment.Line> lacking = new HashMap<>(noted);
    while (!page.isEmpty()) {
      for (Segment.Line there : page) {
        Segment.Line was = noted.get(there.entity());
        if (was != null && there.sequence() >= was.sequence()) {
          if (there.sequence() == was.sequence() || !unsound.contains(there.name())) {
            lacking.remove(there.entity());
          }
          if (there.sequence() == was.sequence() && !there.hash().equals(was.hash())) {
            findings.wrong(
                there.entity(), there.sequence(), "its snapshot was changed since it was noted");
          }
        }
      }
      Segment.Line last = page.getLast();
      page = rows.snapshots(last.entity(), last.sequence(), PAGE);
    }
    lacking.values().stream()
        .filter(was -> !rows.isArchived(was.entity()))
        .forEach(was -> findings.wrong(was.entity(), was.sequence(), "its snapshot was removed"));
  }
}
