package io.tandem.persistence.privacy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.privacy.Disclosure.Step;
import io.tandem.persistence.proof.Findings;
import io.tandem.persistence.proof.SignedNote;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.proof.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trail of what was given out by law (CMP-7): notes signed by the officers who took the steps,
 * each chained to the one before; checkpoints vouch for the newest. Tenants have no way to it. All
 * methods throw {@link JournalException} UNAVAILABLE.
 */
public final class DisclosureLog {

  /** What a note is called where something is wrong with it. */
  public static final String DISCLOSURE = "disclosure";

  private record Row(long number, String note) {}

  private final Database database;
  private final VerifyingKey log;
  private final Map<String, VerifyingKey> officers = new HashMap<>();

  /**
   * @param log the key of the checkpoints, which signs what was made
   * @param officers who may ask and agree
   */
  public DisclosureLog(Database database, VerifyingKey log, List<VerifyingKey> officers) {
    this.database = database;
    this.log = log;
    officers.forEach(each -> this.officers.put(each.name(), each));
  }

  /** What became of a step. */
  public sealed interface Outcome {
    /** It is in the trail. */
    record Noted(Disclosure step) implements Outcome {}

    /** Nothing was done. */
    record Refused(String why) implements Outcome {}
  }

  /**
   * The steps that are genuine, in order; at the first that is not it ends.
   *
   * @param findings told of what is not genuine
   */
  public List<Disclosure> genuine(Findings findings) {
    List<Disclosure> genuine = new ArrayList<>();
    String previous = "";
    for (Row row : rows()) {
      try {
        Disclosure step = read(row.note());
        if (step.number() != genuine.size() + 1 || row.number() != step.number()) {
          throw new IllegalArgumentException("one before it is missing, or it is another's");
        }
        if (!step.previous().equals(previous)) {
          throw new IllegalArgumentException("it was signed after another note than this");
        }
        allowed(genuine, step)
            .ifPresent(
                why -> {
                  throw new IllegalArgumentException(why);
                });
        genuine.add(step);
        previous = hash(row.note());
      } catch (IllegalArgumentException e) {
        findings.wrong(DISCLOSURE, row.number(), String.valueOf(e.getMessage()));
        break;
      }
    }
    return genuine;
  }

  private Disclosure read(String note) {
    int by = note.indexOf("\nby ");
    String name = by < 0 ? "" : note.substring(by + 4, note.indexOf('\n', by + 1));
    VerifyingKey key = name.equals(log.name()) ? log : officers.get(name);
    if (key == null) {
      throw new IllegalArgumentException("nobody called '" + name + "' is an officer here");
    }
    return Disclosure.parse(SignedNote.open(note, key));
  }

  /** Why a step cannot follow on others; empty where it can. */
  private Optional<String> allowed(List<Disclosure> before, Disclosure step) {
    if (step.step() == Step.REQUESTED) {
      return officers.containsKey(step.by())
          ? Optional.empty()
          : Optional.of("only an officer asks");
    }
    List<Disclosure> same =
        before.stream().filter(each -> each.request() == step.request()).toList();
    if (same.isEmpty() || !same.getFirst().caseId().equals(step.caseId())) {
      return Optional.of("there is no such request in that case");
    }
    boolean approved = same.stream().anyMatch(each -> each.step() == Step.APPROVED);
    if (step.step() == Step.MADE) {
      return !approved
          ? Optional.of("it is not approved: a second officer has to agree")
          : step.by().equals(log.name()) ? Optional.empty() : Optional.of("only the log notes it");
    }
    if (approved) {
      return Optional.of("it is approved already");
    }
    if (!officers.containsKey(step.by())) {
      return Optional.of("only an officer agrees");
    }
    return same.getFirst().by().equals(step.by())
        ? Optional.of("four eyes: who asked cannot agree")
        : Optional.empty();
  }

  /** Asks for somebody's data. */
  public Outcome request(
      SigningKey officer, String caseId, String about, String reason, Instant now) {
    return add(officer, Step.REQUESTED, 0, caseId, about, reason, now);
  }

  /** A second officer agrees. */
  public Outcome approve(SigningKey officer, long request, String reason, Instant now) {
    return next(officer, Step.APPROVED, request, "", reason, now);
  }

  /**
   * What was given out.
   *
   * @param about its hash and size
   */
  public Outcome made(SigningKey key, long request, String about, String reason, Instant now) {
    return next(key, Step.MADE, request, about, reason, now);
  }

  /** A request that a second officer has agreed to; empty where there is none of that number. */
  public Optional<Disclosure> approved(long request) {
    List<Disclosure> all = trusted();
    return all.stream()
        .filter(each -> each.number() == request && each.step() == Step.REQUESTED)
        .filter(
            asked ->
                all.stream()
                    .anyMatch(each -> each.request() == request && each.step() == Step.APPROVED))
        .findFirst();
  }

  private Outcome next(
      SigningKey key, Step step, long request, String about, String reason, Instant now) {
    Optional<Disclosure> asked =
        trusted().stream().filter(each -> each.number() == request).findFirst();
    return asked.isEmpty()
        ? new Outcome.Refused("there is no request " + request)
        : add(
            key,
            step,
            request,
            asked.get().caseId(),
            step == Step.APPROVED ? asked.get().about() : about,
            reason,
            now);
  }

  private Outcome add(
      SigningKey key,
      Step step,
      long request,
      String caseId,
      String about,
      String reason,
      Instant now) {
    List<Disclosure> before = trusted();
    long number = before.size() + 1L;
    List<Row> rows = rows();
    Disclosure next =
        new Disclosure(
            number,
            step,
            step == Step.REQUESTED ? number : request,
            caseId,
            now.truncatedTo(ChronoUnit.MILLIS),
            key.verifying().name(),
            about,
            reason,
            rows.isEmpty() ? "" : hash(rows.getLast().note()));
    VerifyingKey known = next.by().equals(log.name()) ? log : officers.getOrDefault(next.by(), log);
    if (!known.equals(key.verifying())) {
      return new Outcome.Refused("this key is not that of " + next.by() + " here");
    }
    Optional<String> refused = allowed(before, next);
    if (refused.isPresent()) {
      return new Outcome.Refused(refused.get());
    }
    int unused =
        database.update(
            "insert into disclosure (number, note, made_at) values (?, ?, ?)",
            number,
            SignedNote.sign(next.text(), key),
            next.at());
    return new Outcome.Noted(next);
  }

  private List<Disclosure> trusted() {
    return genuine(
        (what, number, wrong) -> {
          throw new JournalException(Fault.UNREADABLE, what + "#" + number + ": " + wrong);
        });
  }

  /** The number of the newest note, genuine or not; 0 where there is none. */
  public long newest() {
    return database.run(
        c -> Sql.number(c, "select coalesce(max(number), 0) as newest from disclosure"));
  }

  private List<Row> rows() {
    return database.run(
        c ->
            Sql.list(
                c,
                "select number, note from disclosure order by number",
                row -> new Row(row.getLong("number"), row.getString("note"))));
  }

  private static String hash(String note) {
    return Hash.of(note.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
