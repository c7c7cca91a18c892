package io.tandem.node.golden;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.persistence.golden.FormsFile;
import io.tandem.persistence.journal.Upcaster;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The form of everything that is stored or sent, by name and version (AUD-5): none changes without
 * another version. {@code -Dgolden.write=true} adds new ones.
 */
class FormsTest {

  @Test
  @Tag("rule:AUD-5")
  void no_form_changes_without_a_version_and_every_version_ever_written_is_read() {
    EntityCodecs codecs =
        EntityCodecs.of(
            Nouns.of(Settings.of(ConfigFactory.empty())),
            Nouns.upcasters(),
            new AesGcmSealer(new MemoryKeyStore(), InstantSource.system()));

    new FormsFile(Path.of("src/test/resources/golden/forms.txt"))
        .check(
            codecs.sealed().names(),
            Nouns.upcasters().stream().map(Upcaster::from).collect(Collectors.toSet()));
  }
}
