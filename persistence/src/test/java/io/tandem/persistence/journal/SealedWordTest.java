package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedWordTest {
  private static final String NUMBER = "+15557654321";

  private final MemoryKeyStore keys = new MemoryKeyStore();
  private final PersonalSealer sealer = new AesGcmSealer(keys, InstantSource.system());

  @Test
  void a_number_in_a_word_opens_until_its_persons_keys_are_destroyed() {
    String word = SealedWord.seal(sealer, "person:ann", DataClass.CONTACT, NUMBER);

    assertThat(SealedWord.is(word)).isTrue();
    assertThat(SealedWord.is(NUMBER)).isFalse();
    assertThat(word).doesNotContain("555").matches("[!-~]+");
    assertThat(SealedWord.open(sealer, word)).contains(NUMBER);
    assertThat(keys.destroy("person:ann", DataClass.CALL_NUMBER)).isZero();
    assertThat(SealedWord.open(sealer, word)).contains(NUMBER);
    assertThat(keys.destroy("person:ann", DataClass.CONTACT)).isEqualTo(1);
    assertThat(SealedWord.open(sealer, word)).isEmpty();
  }

  @Test
  void a_scan_of_stored_bytes_finds_it_wherever_it_stands() throws Exception {
    String word = SealedWord.seal(sealer, "person:ann", DataClass.CONTACT, NUMBER);
    byte[] stored =
        new CBORMapper()
            .writeValueAsBytes(
                Map.of("offers", List.of(Map.of("endpoint", word), Map.of("endpoint", "+~ann"))));

    assertThat(PersonalScan.of(stored))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.subject()).isEqualTo("person:ann");
              assertThat(found.dataClass()).isEqualTo(DataClass.CONTACT);
              assertThat(sealer.open("person:ann", DataClass.CONTACT, sealed(word, found.key())))
                  .isPresent();
            });
  }

  @Test
  void what_was_changed_or_cut_is_refused_and_never_opens() {
    String word = SealedWord.seal(sealer, "person:ann", DataClass.CONTACT, NUMBER);
    for (int length = 0; length < word.length(); length++) {
      String cut = word.substring(0, length);
      assertThatThrownBy(() -> SealedWord.open(sealer, cut)).isInstanceOf(JournalException.class);
    }
    byte[] bytes = Base64.getUrlDecoder().decode(word.substring(2));
    for (int i = 0; i < bytes.length; i++) {
      byte[] other = bytes.clone();
      other[i] ^= 1;
      String changed = "+~" + Base64.getUrlEncoder().withoutPadding().encodeToString(other);
      assertThatThrownBy(() -> SealedWord.open(sealer, changed))
          .as("byte %d", i)
          .isInstanceOf(JournalException.class);
    }
  }

  private static PersonalSealer.Sealed sealed(String word, KeyId key) {
    byte[] bytes = Base64.getUrlDecoder().decode(word.substring(2));
    int from = 18 + bytes[17];
    return new PersonalSealer.Sealed(key, java.util.Arrays.copyOfRange(bytes, from, bytes.length));
  }
}
