package io.tandem.node.entity.wire;

import io.tandem.node.entity.host.HostSettings;
import io.tandem.persistence.audit.SnapshotReader;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.WireName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Snapshots as the host stores them, opened for an auditor. */
public final class StoredSnapshots implements SnapshotReader {

  private final EntityCodecs codecs;

  public StoredSnapshots(EntityCodecs codecs) {
    this.codecs = codecs;
  }

  @Override
  public Snapshot read(String manifest, byte[] payload) {
    SnapshotForm form;
    try {
      form = codecs.sealed().decode(WireName.parse(manifest), payload, SnapshotForm.class);
    } catch (IllegalArgumentException e) {
      throw new JournalException(Fault.UNREADABLE, "a snapshot marked as " + manifest, e);
    }
    Map<String, CommandDigest> window = new LinkedHashMap<>();
    form.window().forEach(each -> window.put(each.commandId(), CommandDigest.from(each.digest())));
    return new Snapshot(
        codecs.sealed().decode(WireName.parse(form.stateName()), form.state()),
        form.sequence(),
        Hash.from(form.lastHash()),
        form.nextDue(),
        window);
  }

  @Override
  public Duration window() {
    return HostSettings.DEFAULT.window();
  }
}
