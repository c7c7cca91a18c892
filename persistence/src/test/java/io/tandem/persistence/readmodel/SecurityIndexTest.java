package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.readmodel.SecurityIndex.Filter;
import io.tandem.persistence.security.SecurityEvent.DisclosureNoted;
import io.tandem.persistence.security.SecurityEvent.MoreSeen;
import io.tandem.persistence.security.SecurityEvent.PersonErased;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of security events: whose, by time, compared with the journal, and made anew. */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_MEMORY", "POSTGRESQL"})
class SecurityIndexTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Filter ALL = new Filter(null, null, null, null);

  @Parameter Databases kind;
  private Database database;
  private EventCodec codec;
  private SecurityIndex index;
  private Projector projector;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    codec =
        EventCodec.clear(
            TypeNames.builder()
                .add(MoreSeen.class)
                .add(PersonErased.class)
                .add(DisclosureNoted.class)
                .build(),
            List.of());
    TestJournal journal = new TestJournal(database, codec);
    for (int i = 0; i < 6; i++) {
      Instant at = NOON.plusSeconds(i);
      String whose = i % 2 == 0 ? "platform" : "acct_1";
      journal.append(
          "security",
          whose + ":2026-11-23",
          new MoreSeen("security.banned", i + 1, at, at, at),
          at,
          null);
    }
    journal.append(
        "security",
        "platform:erasures",
        new PersonErased(1, "person:1", "CONTACT", null, "operator", NOON, NOON),
        NOON.plusSeconds(9),
        null);
    journal.append(
        "security",
        "platform:disclosures",
        new DisclosureNoted(1, "REQUESTED", 1, "NY 1", "alice", NOON, NOON),
        NOON.plusSeconds(10),
        null);
    index = new SecurityIndex(database);
    projector = Projector.builder(database, codec).pageSize(2).build();
    projector.catchUp();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> page(Filter filter) {
    return index.page(filter, null, 100).stream().map(row -> row.at().toString()).toList();
  }

  private List<Reconciliation.Difference> differences() {
    Reconciliation reconciliation = new Reconciliation(database, codec, projector);
    List<Reconciliation.Difference> all =
        new ArrayList<>(reconciliation.page("", 100).differences());
    all.addAll(reconciliation.orphans(100));
    return all;
  }

  @Test
  void they_are_listed_newest_first_by_owner_kind_and_time_page_by_page() {
    assertThat(page(ALL))
        .as("what is done by law is not")
        .hasSize(7)
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(page(new Filter("acct_1", null, null, null))).hasSize(3);
    assertThat(page(new Filter(null, "security.person-erased", null, null))).hasSize(1);
    assertThat(page(new Filter(null, null, NOON.plusSeconds(1), NOON.plusSeconds(3))))
        .containsExactly("2026-11-23T12:00:02Z", "2026-11-23T12:00:01Z");
    List<SecurityIndex.Row> walked = new ArrayList<>();
    for (List<SecurityIndex.Row> page = index.page(ALL, null, 2);
        !page.isEmpty();
        page = index.page(ALL, walked.getLast().position(), 2)) {
      walked.addAll(page);
    }
    assertThat(walked).isEqualTo(index.page(ALL, null, 100));
  }

  @Test
  @Tag("rule:WAL-12")
  void a_row_that_is_missing_changed_or_of_nothing_is_named_and_a_rebuild_puts_it_right() {
    assertThat(differences()).isEmpty();
    int deleted =
        database.update(
            "delete from security_event where entity = 'security|acct_1:2026-11-23' and sequence"
                + " = 2");
    int changed =
        database.update(
            "update security_event set account_id = 'acct_1' where entity ="
                + " 'security|platform:erasures'");
    int added =
        database.update(
            "insert into security_event (entity, sequence, event_name, at) values"
                + " ('security|acct_9:2026-11-23', 1, 'security.banned', 0)");
    assertThat(deleted + changed + added).isEqualTo(3);

    assertThat(differences())
        .extracting(Reconciliation.Difference::entity)
        .containsExactlyInAnyOrder(
            "security|acct_1:2026-11-23",
            "security|platform:erasures",
            "security|acct_9:2026-11-23");

    new Rebuild(database, Projector.beside(database, codec).build()).run(events -> {});
    assertThat(differences()).isEmpty();
    assertThat(page(ALL)).hasSize(7);
  }
}
